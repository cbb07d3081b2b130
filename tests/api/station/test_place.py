"""Fences turn positions into bands; site codes change, and are taken for a minute and a half."""

from math import asin, cos, degrees, radians, sin

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from api.station.face import GESTURES, QUESTION_SECONDS, LocalProvider, Question, SignedFace
from api.station.fence import Centre, Position, accuracy_band, distance_band, metres_between
from api.station.site_code import STEP_SECONDS, is_site_code, site_code
from tests.builders.records import key

HANGZHOU = Centre(30_274_100, 120_155_100)
ANN, BOB = "0x1b3E38843fb80999cc075820d4e9d4E4178f42dA", "0x" + "11" * 20
SECRET, RIVERSIDE, MARKET = key("secret"), key("riverside"), key("market")

latitudes = st.integers(-89_000_000, 89_000_000)
longitudes = st.integers(-180_000_000, 180_000_000)


def north_of(centre: Centre, metres: float) -> Position:
    step = degrees(metres / 6_371_008.8) * 1_000_000
    return Position(centre.latitude + round(step), centre.longitude, 5)


def test_the_band_says_how_far_outside_and_never_where() -> None:
    bands = {
        metres: distance_band(north_of(HANGZHOU, metres), HANGZHOU, 100)
        for metres in (0, 99, 101, 299, 301, 1099, 1101, 500_000)
    }
    assert bands == {
        0: "inside",
        99: "inside",
        101: "under_200_m",
        299: "under_200_m",
        301: "under_1_km",
        1099: "under_1_km",
        1101: "beyond_1_km",
        500_000: "beyond_1_km",
    }


@given(latitudes, longitudes, latitudes, longitudes)
def test_distance_is_that_of_the_law_of_cosines_and_the_same_both_ways(
    north: int, east: int, south: int, west: int
) -> None:
    found = metres_between(Position(north, east, 0), Centre(south, west))
    back = metres_between(Position(south, west, 0), Centre(north, east))
    assert abs(found - back) < 0.001
    a, b = radians(north / 1e6), radians(south / 1e6)
    turn = radians((east - west) / 1e6)
    # The chord between the two points of a unit sphere: another way to the same arc.
    chord = (cos(a) * cos(turn) - cos(b)) ** 2 + (cos(a) * sin(turn)) ** 2 + (sin(a) - sin(b)) ** 2
    assert abs(found - 2 * 6_371_008.8 * asin(min(1.0, chord**0.5 / 2))) < 1


def test_a_device_that_claims_to_be_inexact_is_not_moved_inside() -> None:
    vague = Position(HANGZHOU.latitude + 20_000, HANGZHOU.longitude, 5000)
    assert (distance_band(vague, HANGZHOU, 100), accuracy_band(vague)) == (
        "beyond_1_km",
        "beyond_100_m",
    )


def test_positions_and_centres_print_no_coordinate() -> None:
    shown = repr(Position(30_274_101, 120_155_102, 5)) + repr(HANGZHOU)
    assert not any(part in shown for part in ("30274", "120155", "30.27", "120.15"))


@given(st.integers(1000, 2**33))
def test_a_code_is_six_digits_good_at_its_place_for_three_steps(time: int) -> None:
    code = site_code(SECRET, RIVERSIDE, time)
    assert len(code) == 6
    assert code.isdigit()
    for later in range(3):
        assert is_site_code(SECRET, RIVERSIDE, time + later * STEP_SECONDS, code)
    others = [site_code(SECRET, RIVERSIDE, time + n * STEP_SECONDS) for n in range(1, 4)]
    others += [site_code(SECRET, MARKET, time), site_code(key("other"), RIVERSIDE, time)]
    assert len({code, *others}) >= 4


def test_an_old_code_another_place_s_code_and_no_code_are_wrong() -> None:
    now = 1_700_000_010
    old = site_code(SECRET, RIVERSIDE, now - 3 * STEP_SECONDS)
    assert not is_site_code(SECRET, RIVERSIDE, now, old)
    for wrong in ("", "1", "abcdef", "１２３４５６", site_code(SECRET, MARKET, now)):
        assert not is_site_code(SECRET, RIVERSIDE, now, wrong)


def test_a_face_is_known_by_the_provider_s_answer_to_this_question_alone() -> None:
    provider = LocalProvider(Ed25519PrivateKey.from_private_bytes(key("provider")))
    check, now = SignedFace(SECRET, provider.public), 1_700_000_000
    question = check.question(ANN, now)
    assert len(set(question.gestures)) == 3
    assert set(question.gestures) <= set(GESTURES)
    answer = provider.answer(ANN, question)
    assert check.passed(ANN, now, answer)
    assert check.passed(ANN, now + QUESTION_SECONDS, answer)
    assert not check.passed(ANN, now + 2 * QUESTION_SECONDS, answer)
    assert not check.passed(BOB, now, answer)
    other = LocalProvider(Ed25519PrivateKey.from_private_bytes(key("another")))
    easy = Question(question.nonce, ("smile",))
    for wrong in (other.answer(ANN, question), provider.answer(ANN, easy), "0x00", "", "zz"):
        assert not check.passed(ANN, now, wrong)
