"""Certificates: what a volunteer hands to a stranger, and what makes it hold without us."""
