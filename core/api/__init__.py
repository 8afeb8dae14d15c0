"""The HTTP API and the live WebSocket: translates the wire to use cases and back. One module a family of routes."""
