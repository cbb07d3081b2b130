"""The HTTP API: `create_app` in `api.http.app`."""
