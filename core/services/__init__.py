"""Use cases. Screens, the API and the commands call these; only ``center`` wires adapters to settings.

``CommandCenter`` and ``current`` stand in ``core.services.center``; each folder here is one family of use cases, whose
functions take the center as their first argument.
"""
