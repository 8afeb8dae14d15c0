"""Use cases. Screens, the API and the commands call these; only ``center`` wires adapters to settings.

``CommandCenter`` and ``current`` stand in ``core.services.center``; each module here is one family of use cases and
takes the center as its first argument.
"""
