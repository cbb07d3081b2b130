"""What all routes share: context, authorisation, request bodies, problems, OpenAPI."""
