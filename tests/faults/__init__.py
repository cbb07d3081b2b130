"""What must survive: kills and lost steps."""
