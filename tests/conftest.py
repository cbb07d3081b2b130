"""Shared by all rooms. Fixtures of one room stand in that room's conftest."""
