"""Frames between the frames of a clip, by FFmpeg's motion-compensated interpolation; needs the `video` extra."""

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from pia_edge.clip.timing import MAX_PLAYED_FRAMES
from pia_edge.errors import MissingExtraError, RequestError

MAX_FACTOR = 8
MIN_SIDE = 32
"""Pixels; the filter looks for motion in blocks of 16."""
# Motion from both neighbours, blocks that overlap and may be cut; never a hard cut, since a clip is one scene.
_FILTER = "mi_mode=mci:mc_mode=aobmc:me_mode=bidir:vsbmc=1:scd=none"


def check_factor(factor: int, num_frames: int, width: int, height: int) -> None:
    """Check, before any work is done, that a clip of this length and size can be interpolated.

    Raises:
        RequestError: the factor is outside 1 to `MAX_FACTOR`, the clip is too small, or would become longer than clips
            are read.
        MissingExtraError: PyAV is not installed, or was built without the filter.
    """
    if not 1 <= factor <= MAX_FACTOR:
        raise RequestError(f"interpolate: expected 1 to {MAX_FACTOR}, found {factor}.")
    if factor == 1:
        return
    if min(width, height) < MIN_SIDE:
        raise RequestError(
            f"interpolate: expected a clip of at least {MIN_SIDE} pixels on each side, found {width}x{height}. Choose "
            "a larger size, or leave the clip at its own rate."
        )
    if num_frames * factor > MAX_PLAYED_FRAMES:
        raise RequestError(
            f"interpolate: expected a clip of at most {MAX_PLAYED_FRAMES} frames, found {num_frames} that become "
            f"{num_frames * factor}. Choose a smaller factor, or fewer frames."
        )
    try:
        from av.filter import Filter
    except ImportError as error:
        raise MissingExtraError(
            "Frames in between need PyAV, which is not installed. Install it with: pip install 'pia-edge[video]' or "
            "leave the clip at its own rate."
        ) from error
    try:
        Filter("minterpolate")
    except ValueError as error:
        raise MissingExtraError(
            "Frames in between need FFmpeg's filter minterpolate, which this PyAV was built without. Install the one "
            "from PyPI with: pip install --force-reinstall 'pia-edge[video]'"
        ) from error


def interpolated(frames: npt.NDArray[np.uint8], factor: int, *, circular: bool) -> npt.NDArray[np.uint8]:
    """Return `frames` and `factor` - 1 new ones between each two of them; the old ones are unchanged.

    Args:
        frames: uint8 RGB (frames, height, width, 3).
        factor: how many times the rate becomes.
        circular: whether the first frame follows the last, so that there are frames between these two as well:
            then frames · factor come back, and (frames - 1) · factor + 1 else.

    Raises:
        RequestError, MissingExtraError: as `check_factor`.
    """
    check_factor(factor, len(frames), frames.shape[2], frames.shape[1])
    if factor == 1 or len(frames) < 2:
        return frames
    # The filter ends one frame before the last that it is given.
    following = frames[:2] if circular else frames[-1:]
    between = _filtered(np.concatenate([frames, following]), factor)
    wanted = len(frames) * factor if circular else (len(frames) - 1) * factor + 1
    made = np.stack(between[:wanted])
    made[::factor] = frames
    return made


def _filtered(frames: npt.NDArray[np.uint8], factor: int) -> list[npt.NDArray[np.uint8]]:
    import av
    from av.filter import Graph
    from av.video.format import VideoFormat

    graph = Graph()
    height, width = frames.shape[1:3]
    source = graph.add_buffer(width=width, height=height, format=VideoFormat("rgb24"), time_base=Fraction(1))
    filtering, sink = graph.add("minterpolate", f"fps={factor}:{_FILTER}"), graph.add("buffersink")
    source.link_to(filtering)
    filtering.link_to(sink)
    graph.configure()
    found: list[npt.NDArray[np.uint8]] = []
    for place, pixels in enumerate(frames):
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
        frame.pts, frame.time_base = place, Fraction(1)
        graph.push(frame)
        _drain(graph, found)
    graph.push(None)
    _drain(graph, found)
    return found


def _drain(graph: Any, found: list[npt.NDArray[np.uint8]]) -> None:
    import av

    while True:
        try:
            found.append(graph.pull().to_ndarray(format="rgb24"))
        except (av.BlockingIOError, av.EOFError):  # wants more frames, or has given its last
            return
