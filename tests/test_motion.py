"""Motion in its JSON forms: curves, keyframes and what was copied from a clip."""

import msgspec
import pytest

from pia_edge.errors import RequestError
from pia_edge.motion import DrivingClip, Level, Motion, check_frames, motion_of
from pia_edge.request import Level as LevelOfRequest
from pia_edge.request import Motion as MotionOfRequest

SOURCE = DrivingClip(name="wave.gif", sha256="ab" * 32)


def test_both_names_are_one() -> None:
    assert (MotionOfRequest, LevelOfRequest) == (Motion, Level)


@pytest.mark.parametrize(
    "motion",
    [
        Motion(keyframes=((0, 1.0), ("50%", 0.25), ("100%", 1.0))),
        Motion(curve=(1.0, 1 / 3), stretch=True, copied_from=SOURCE),
        Motion(level=Level.LARGE, loop=True),
    ],
)
def test_every_motion_survives_json(motion: Motion) -> None:
    assert msgspec.json.decode(msgspec.json.encode(motion), type=Motion) == motion
    assert hash(motion) == hash(msgspec.json.decode(msgspec.json.encode(motion), type=Motion))


def test_motions_of_earlier_versions_are_read() -> None:
    text = b'{"level":"large","loop":true,"style_transfer":false,"curve":null,"linear":null,"original_rows":false}'
    assert msgspec.json.decode(text, type=Motion) == Motion(level=Level.LARGE, loop=True)


def test_lists_and_objects_of_json() -> None:
    assert motion_of([1, 0.5]) == Motion(curve=(1.0, 0.5))
    assert motion_of([[0, 1], ["50%", 0.5]]) == Motion(keyframes=((0, 1.0), ("50%", 0.5)))
    assert motion_of({"0": 1, "50%": 0.5}) == Motion(keyframes=((0, 1.0), ("50%", 0.5)))


@pytest.mark.parametrize(
    "values", [None, 1, "1", True, [], [1, [0, 1]], [[0, 1], 1], {}, {"x": 1}, {"0": None}, [None]]
)
def test_other_json_is_refused(values: object) -> None:
    with pytest.raises(RequestError, match="expected"):
        motion_of(values)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"keyframes": ((0, 1),), "curve": (1,)}, "either a curve or keyframes"),
        ({"keyframes": ((0, 1),), "linear": (1, 0)}, "either a linear range or keyframes"),
        ({"keyframes": ((0, 1),), "loop": True}, "'keyframes' states the affinity itself, so loop"),
        ({"stretch": True}, "where it has a curve, and found none"),
        ({"copied_from": SOURCE, "keyframes": ((0, 1),)}, "where it has a curve"),
        ({"stretch": 1, "curve": (1,)}, "stretch: expected true or false"),
    ],
)
def test_contradictions_are_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        Motion(**settings)  # type: ignore[arg-type]


def test_lengths_are_checked_once_they_are_known() -> None:
    check_frames(Motion(curve=(1, 0), stretch=True), 16, 0)
    with pytest.raises(RequestError, match="one affinity per frame"):
        check_frames(Motion(curve=(1, 0)), 16, 0)
    with pytest.raises(RequestError, match="found 16"):
        check_frames(Motion(keyframes=((16, 1),)), 16, 0)
