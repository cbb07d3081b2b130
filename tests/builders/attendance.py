"""A table of hours and the map by which it is imported."""

SECRET = {"HOURLEDGER_PASSPHRASE": "a passphrase of the tests"}
MAP = """
source = "dawn"
organisation = "org"
volunteer = "who"
start = { columns = ["start"], format = "%Y-%m-%dT%H:%M" }
minutes = "minutes"
[zone]
default = "Asia/Shanghai"
[organisations]
certified_from = 0
[permit]
reason = "paper"
hours_max = 100
served_from = 0
served_until = 1900000000
"""
ROWS = """org,who,start,minutes
Dawn,Ann,2025-01-01T00:00,60
Dawn,Ann,2025-04-04T05:53,438
Dawn,Ann,2025-12-31T22:30,60
"""
