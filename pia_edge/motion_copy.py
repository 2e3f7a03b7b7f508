"""Motion copied from another clip: its affinity, measured as training measures it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pia_edge.affinity_measure import PAPER_STATISTICS, measured_affinity
from pia_edge.clip.reading import SmallClip, read_small
from pia_edge.motion import DrivingClip, Motion

LEAST_TRAINED = 0.2
"""Training knows affinities from here to 1."""
_GIF_TICK = 0.0101
"""Seconds, and a little more, since sums of them are not exact."""


def copy_motion(
    path: Path | str,
    num_frames: int,
    condition_frame: int = 0,
    *,
    statistics: Sequence[tuple[float, float]] | None = None,
) -> Motion:
    """Return a motion with the affinity that the frames of another clip have to one of them, in [0.2, 1].

    The driving clip is seen as training sees one, whatever its frame rate: ``num_frames`` moments spread evenly over
    it, the first and the last as far apart as those of a training clip. The curve it gives can be stretched to other
    lengths, and needs the driving clip no more.

    Args:
        path: a GIF, WebP, APNG, MP4 or folder of PNGs; of one frame it is a motion that stands still.
        num_frames: of the clip to be made.
        condition_frame: which frame of that is the condition image; the same moment of the driving clip has affinity 1.
        statistics: least and greatest HSV L1 by distance on the clips that a bundle was trained on, from its manifest;
            the paper's if None.

    Raises:
        PictureError: the driving clip cannot be read.
        MissingExtraError: it is an MP4, and PyAV is not installed.
        RequestError: the statistics cannot be used.
    """
    clip = read_small(Path(path))
    bounds = np.asarray(PAPER_STATISTICS if statistics is None else statistics, dtype=np.float64)
    affinity = measured_affinity(
        _spread(clip, num_frames), condition_frame, statistics=_by_distance(bounds, num_frames), minimum=LEAST_TRAINED
    )
    name = Path(path).name.encode(errors="backslashreplace").decode()
    return Motion(
        curve=tuple(float(value) for value in affinity),
        stretch=True,
        copied_from=DrivingClip(name=name, sha256=clip.sha256),
    )


def _spread(clip: SmallClip, num_frames: int) -> npt.NDArray[np.uint8]:
    """What the clip shows at ``num_frames`` moments, from its first frame to its last."""
    moments = np.linspace(0, clip.starts[-1], num_frames)
    # GIF rounds every time to its tick: a frame counts as shown from a tick before, or half a frame if that is less.
    early = min(_GIF_TICK, float(np.diff(clip.starts).min(initial=np.inf)) / 2)
    shown = np.searchsorted(clip.starts, moments + early, side="right") - 1
    return clip.frames[shown]


def _by_distance(bounds: npt.NDArray[np.float64], num_frames: int) -> npt.NDArray[np.float64]:
    """The statistics, (distances, 2), for frames that are ``num_frames`` over the length of a training clip."""
    if bounds.ndim != 2 or num_frames == len(bounds):
        return bounds
    distances = np.linspace(0, len(bounds) - 1, num_frames)
    return np.stack([np.interp(distances, np.arange(len(bounds)), column) for column in bounds.T], axis=1)
