"""The HTTP API: `create_app` in `api.server.app`."""
