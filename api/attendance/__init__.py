"""Attendance exports in, signed records out."""
