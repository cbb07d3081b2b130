"""Shared by all rooms. Fixtures of one room stand in that room's conftest.

Property tests draw the same examples on every run and machine, so a red suite means a change of the
code; `make fuzz` draws new ones. How fast a machine draws them decides nothing.
"""

from hypothesis import HealthCheck, settings

QUIET = [HealthCheck.too_slow]

settings.register_profile("house", deadline=None, derandomize=True, suppress_health_check=QUIET)
settings.register_profile("fuzz", deadline=None, max_examples=1000, suppress_health_check=QUIET)
settings.load_profile("house")
