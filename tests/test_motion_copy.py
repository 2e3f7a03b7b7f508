"""Motion copied from a clip: measured as training measures, whatever the clip's length and rate."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from pia_edge.affinity import affinity_curve
from pia_edge.affinity_measure import measured_affinity
from pia_edge.clip import save_clip
from pia_edge.errors import PictureError
from pia_edge.motion import Motion
from pia_edge.motion_copy import copy_motion
from tests.clip.examples import few_colours


def fading(num_frames: int) -> NDArray[np.uint8]:
    """A grey picture that becomes brighter in a straight line."""
    grey = np.linspace(60, 160, num_frames).round().astype(np.uint8)
    return np.broadcast_to(grey[:, None, None, None], (num_frames, 6, 8, 3)).copy()


def saved(frames: NDArray[np.uint8], path: Path, fps: float = 8) -> Path:
    return save_clip(frames, path, fps=fps, recipe=None, overwrite=False)


def curve_of(motion: Motion) -> NDArray[np.float32]:
    assert motion.curve is not None
    return np.array(motion.curve, dtype=np.float32)


def test_at_16_frames_it_is_what_training_measures(tmp_path: Path) -> None:
    frames = few_colours(16)
    motion = copy_motion(saved(frames, tmp_path / "clip.apng"), 16)
    np.testing.assert_array_equal(curve_of(motion), measured_affinity(frames, 0))
    assert motion.copied_from is not None
    assert motion.copied_from.name == "clip.apng"
    assert motion.stretch
    np.testing.assert_array_equal(affinity_curve(motion, 16), curve_of(motion))


def test_the_rate_of_the_driving_clip_does_not_matter(tmp_path: Path) -> None:
    slow, fast = (
        curve_of(copy_motion(saved(fading(count), tmp_path / f"{count}.apng", count / 2), 16)) for count in (16, 61)
    )
    np.testing.assert_allclose(slow, fast, atol=0.03)


def test_longer_clips_keep_the_shape_of_the_motion(tmp_path: Path) -> None:
    path = saved(fading(61), tmp_path / "clip.apng")
    short, long = (affinity_curve(copy_motion(path, count), count) for count in (16, 61))
    np.testing.assert_allclose(short, long[::4], atol=0.02)


@pytest.mark.parametrize("condition_frame", [0, 3, 7])
def test_affinity_lies_in_the_trained_range(condition_frame: int, tmp_path: Path) -> None:
    motion = copy_motion(saved(few_colours(8), tmp_path / "clip.gif"), 8, condition_frame)
    assert motion.curve is not None
    assert motion.curve[condition_frame] == 1
    assert min(motion.curve) >= 0.2
    assert len(motion.curve) == 8


def test_a_picture_stands_still(tmp_path: Path) -> None:
    motion = copy_motion(saved(few_colours(1), tmp_path / "clip.gif"), 5)
    curve = affinity_curve(motion, 5)
    assert curve[0] == 1
    assert (curve > 0.9).all()
    assert affinity_curve(copy_motion(tmp_path / "clip.gif", 1), 1).tolist() == [1]


def test_statistics_of_the_bundle_are_used(tmp_path: Path) -> None:
    path = saved(fading(4), tmp_path / "clip.apng")
    statistics = [(0.0, 0.0), (0.0, 20.0), (0.0, 30.0), (0.0, 40.0)]
    motion = copy_motion(path, 4, statistics=statistics)
    expected = measured_affinity(fading(4), 0, statistics=statistics)
    np.testing.assert_array_equal(curve_of(motion), expected)


def test_the_motion_is_the_same_in_every_lossless_format(tmp_path: Path) -> None:
    frames = few_colours(6)
    curves = {copy_motion(saved(frames, tmp_path / name), 6).curve for name in ("a.gif", "a.apng", "a.webp", "frames")}
    assert len(curves) == 1


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="could not be read"):
        copy_motion(tmp_path / "nowhere.gif", 16)
    assert Motion().copied_from is None
