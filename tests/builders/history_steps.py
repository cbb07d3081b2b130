"""What can happen in a random history, and how often: the strategies behind a history."""

from hypothesis import strategies as st

from tests.builders.history_people import HOUR, Step
from tests.builders.records import ZERO, address

VOLUNTEERS = ("ann", "bob")
KEYS = ("org", "other", "second", "ann", "authority")


def _of(*values: object) -> st.SearchStrategy[object]:
    return st.sampled_from(values)


_org = _of("org", "org", "org", "other", "second")
_owner = _of("org", "other", "roof")
_key = _of(*KEYS)
_person = _of(*VOLUNTEERS)
_anyone = _of("ann", "ann", "ann", "bob", "bob", "eve")
_pick = st.integers(-3, 9)
_which = _of(0, 0, 1, -1, -1, 2)
_hours = _of(-24, -2, 0, 1, 3, 24)
_category = _of(*["environment"] * 7, "meeting")
_place = _of(
    ("inside", ("gps",)), ("inside", ("gps",)), ("unknown", ("site_code",)),
    ("inside", ("gps",)), ("under_1_km", ("gps", "site_code")), ("under_1_km", ("gps",)),
    ("unknown", ("face",)), ("unknown", ("gps",)),
)  # fmt: skip
_device = _of("ann", "ann", "bob", "tablet")
_wrong_credit = _of(
    {}, {}, {}, {"more": 1}, {"more": -1}, {"sooner": 60, "more": -1}, {"sooner": 6 * HOUR},
    {"more": 500}, {"permit": b"\1" * 32}, {"clock_in": b"\1" * 32}, {"activity": b"\1" * 32},
    {"volunteer": address("bob")}, {"confirmation": b"\1" * 32}, {"clock_out": b"\1" * 32},
)  # fmt: skip
_wrong_honour = _of(
    *[{}] * 8, {"sooner": 60}, {"sooner": 6 * HOUR}, {"evidence": ()},
    {"permit": b"\1" * 32}, {"permit": ZERO}, {"clock_out": b"\1" * 32}, {"sooner": -90 * HOUR},
    {"volunteer": address("eve")},
)  # fmt: skip
_scopes = _of(
    ("service",), ("approve",), ("void",), ("clock",), ("clock", "void"),
    ("activity", "service", "approve", "void"),
)  # fmt: skip
_bounds = _of(
    {}, {}, {}, {"minutes_per_yibi": 30}, {"utc_offset_minutes": 0}, {"night_until_hour": 25},
    {"late_working_days": 367}, {"late_working_days": 0}, {"day_minutes_parent_max": 1},
    {"night_from_hour": 0, "night_until_hour": 24}, {"clock_skew_seconds": 301},
    {"day_minutes_parent_max": 1441}, {"clock_skew_seconds": 300},
    {"session_minutes_max": 60},
)  # fmt: skip
_parts: dict[str, tuple[int, tuple[st.SearchStrategy[object], ...]]] = {
    "wait": (4, (_of(1, 10, 30, 60, 240, 600, 1440, 2880),)),
    "certify": (1, (_owner, _of(-48, 0, 24), _of(0, 0, 50), _of("", "roof", "roof", "org"))),
    "end": (1, (_of("other", "roof", "org"), _of("suspend", "succeed"), _of("other", "org"),
        _hours)),
    "grant": (2, (_org, _of("other", "ann", "station"), _scopes)),
    "revoke": (1, (_org, _of(*KEYS, "station"), _of(0, 0, 2, 400_000))),
    "thief": (1, (st.integers(0, 9),)),
    "enrol": (2, (_of("ann", "eve", "kid", "kid"), _of("", "", "eve", "kid"),
        _of("", "", "mum", "kid"))),
    "activity": (4, (_org, st.integers(-2, 20), _of(0, 1, 4, 8, 48, 48), _of(1, 1, 2),
        _of(0, 0, 50), _of("", "school", "school", "school", "org"), _of(0, 0, 0, 1, -1),
        _of(60, 90, 600), _category)),
    "hasty": (2, (_of(0, 0, 600), _of(0, 120))),
    "change": (3, (_which, _of("org", "second", "other"), _of("change", "change", "cancel"),
        _of(-2, 1, 3), _of(1, 2))),
    "request": (2, (_of("school", "eve"), _of("org", "other"), _of(0, 24), _category)),
    "signup": (4, (_which, _anyone, _of("join", "leave"))),
    "clock": (9, (_which, _anyone, _of("in", "out"), _of(0, 0, 0, 60, 600, 901, -60, -121),
        _place, _device, _of(*["station"] * 12, "org", "second"))),
    "visit": (12, (_which, _person, _of(0, 30, 60, 150, 241, 500), _place, _device,
        _of(*[""] * 5, "served", "not_served"), _of({}, {}, {}, None, {"more": -1}))),
    "sign": (6, (_pick, _of("org", "org", "second", "ann"), _wrong_credit)),
    "confirm": (2, (_pick, _of("school", "school", "ann"), _of("served", "not_served"))),
    "calendar": (3, (_of(0, 1, -1, -2), _of(-1, -3, 3, 4, 400), _of(*["authority"] * 5, "ann"))),
    "permit": (2, (_of("org", "org", "other", "eve"), _of(-48, -1), _of(0, 24, 96),
        _of(1, 72, 72),        _of(60, 300))),
    "approve": (3, (_of("org", "org", "other"), _of("", "roof", "roof", "org"), _anyone,
        _of(0, 0, -1), _of(400, 480, 1441))),
    "honour": (16, (_of(*["org"] * 9, "other"), _of(*["second"] * 9, "authority", "roof", "org"),
        _anyone, st.integers(1, 60) | _of(170, 200), _of(30, 60, 60, 120, 240, 241),
        _of(0, 0, 0, 1, -1), _of(0, 0, 1, -1), _wrong_honour)),
    "drained": (2, (_of(60, 30), st.booleans())),
    "called_off": (2, (_of(-1, 6, 6), _of("cancel", "change"))),
    "long_day": (2, (_of("", "roof", "roof"), _of(200, 240))),
    "void": (3, (_pick, _key)),
    "amend": (6, (_pick, _of(0, 0, 30, -30), _of(-30, -1, 0, 1, 60),
        _of({}, {}, {}, {"volunteer": address("bob")}, {"ended_at": 1}, {"permit": ZERO}))),
    "object": (2, (_pick, _person)),
    "decide": (4, (_pick, _key, _of("upheld", "rejected"))),
    "quarrel": (2, (_pick, _key, _of("upheld", "rejected"))),
    "transfer": (4, (_person, _of(*VOLUNTEERS, "org", "other", "eve"))),
    "policy": (4, (_of(2, 2, 3), _of(300, 60), _bounds)),
    "again": (1, (_pick,)),
}  # fmt: skip
"""Step → how often it is drawn, and its arguments."""

_STRATEGIES = {name: st.tuples(st.just(name), *args) for name, (_, args) in _parts.items()}
# A choice among equal strategies does not count them twice: the weights need names.
_PLAIN = st.sampled_from([n for n, (weight, _) in _parts.items() for _ in range(weight)]).flatmap(
    _STRATEGIES.__getitem__
)

STEPS: st.SearchStrategy[Step] = st.integers(0, 19).flatmap(
    lambda luck: st.tuples(st.just("stripped"), _PLAIN) if luck == 19 else _PLAIN
)
