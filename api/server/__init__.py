"""The server: its application, and the services that commands and the application share."""
