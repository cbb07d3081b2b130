"""Practice credits over HTTP: rosters, runs, a student's own lines."""
