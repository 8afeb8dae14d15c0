"""The slow work of a server, in a process of its own, so that no answer waits for it.

``keeper`` is the server's side: it starts the process, starts it again when it ends, and knows how asking goes.
``process`` is the other side: it asks Claude, works for the model and keeps house until the server ends. ``words``
is what the second tells the first.
"""
