"""Keyframes: what is read, how it is refused, and where they lie in a clip."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pia_edge.affinity import affinity_curve
from pia_edge.errors import RequestError
from pia_edge.keyframes import check_keyframes, parse_keyframes, parse_position, places_in_clip
from pia_edge.motion import Motion


def test_frames_and_parts_of_the_clip_are_read() -> None:
    assert parse_keyframes("0:1,8:0.5,100%:1") == ((0, 1.0), (8, 0.5), ("100%", 1.0))
    assert parse_keyframes(" 0 : 1 , 12.5% : .25 ") == ((0, 1.0), ("12.5%", 0.25))
    assert parse_position("7") == 7


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0:1,8", "expected frames and affinities such as"),
        ("0:1,,8:1", "expected frames and affinities such as"),
        ("0:one", "expected frames and affinities such as"),
        ("x:1", "expected a frame such as 8 or a part such as 50%, found 'x'"),
        ("-1:1", "found '-1'"),
        ("1.5:1", r"found '1\.5'"),
        ("101%:1", "found '101%'"),
        ("99999999999:1", "expected a frame such as 8"),
        ("0:1.5", r"keyframes\[0\] affinity: expected a number from 0 to 1, found 1.5"),
        ("0:nan", r"keyframes\[0\] affinity"),
        ("8:1,8:0.5", "found 8 after 8. Sort them"),
        ("8:1,3:0.5", "found 3 after 8. Sort them"),
        ("50%:1,20%:0", "found 20% after 50%"),
        ("²:1", "expected a frame such as 8"),
    ],
)
def test_what_is_none_is_refused_in_one_sentence(text: str, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        parse_keyframes(text)


@pytest.mark.parametrize(
    ("keyframes", "message"),
    [
        (5, "expected pairs of a frame and an affinity, found 5"),
        ("0:1", "expected pairs"),
        ((), "expected 1 to 1024 keyframes, found 0"),
        ([1, 2], r"name\[0\]: expected a frame and an affinity, found 1"),
        ([(0, 1, 2)], r"name\[0\]: expected a frame and an affinity"),
        ([(True, 1)], "whole number"),
        ([(1.0, 1)], "whole number"),
        ([(0, "1")], "affinity: expected a number"),
        ([(2000, 1)], "from 0 to 1023, found 2000"),
        ([(index, 1) for index in range(1025)], "whole number"),
    ],
)
def test_values_of_other_kinds_are_refused(keyframes: object, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        check_keyframes("name", keyframes)


def test_parts_lie_between_the_first_and_the_last_frame() -> None:
    assert places_in_clip("name", [0, "50%", "100%"], 16) == [0, 7.5, 15]
    assert places_in_clip("name", ["0%", "100%"], 2) == [0, 1]
    with pytest.raises(RequestError, match="expected frames of the clip, 0 to 15, found 16"):
        places_in_clip("name", [0, 16], 16)
    with pytest.raises(RequestError, match=r"found 50% after 8\. Sort them"):
        places_in_clip("name", [8, "50%"], 16)


def test_lines_are_straight_between_keyframes_and_level_beyond_them() -> None:
    motion = Motion(keyframes=((2, 1.0), (4, 0.5), ("100%", 0.75)))
    expected = np.array([1, 1, 1, 0.75, 0.5, 0.5625, 0.625, 0.6875, 0.75], np.float32)
    np.testing.assert_array_equal(affinity_curve(motion, 9), expected)


def read_or_refused(text: str) -> str | None:
    """The message that refuses ``text``, or None; what was read is read again equal, and makes a curve."""
    try:
        keyframes = parse_keyframes(text)
    except RequestError as error:
        return str(error)
    if check_keyframes("again", keyframes) != keyframes:
        return "read again, it is something else"
    curve = affinity_curve(Motion(keyframes=keyframes[:1] if keyframes[0][0] in (0, "0%") else ((0, 1.0),)), 8)
    return None if ((curve >= 0) & (curve <= 1)).all() else "the curve leaves its range"


@given(st.text(alphabet="0123456789:,.%- e", max_size=40))
def test_any_text_is_keyframes_or_refused_in_one_sentence(text: str) -> None:
    message = read_or_refused(text)
    assert message is None or ("expected" in message and "\n" not in message and len(message) < 300)
