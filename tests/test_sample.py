"""The sample that ships: small enough, proven, and doing what PIA promises on a picture."""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pia_edge import AnimationPipeline, AnimationRequest, Bundle, Level, Motion, read_picture
from pia_edge.modules import MODULES

EXAMPLE = Path(__file__).parent.parent / "docs" / "example.png"


@cache
def frames(level: Level, *, loop: bool = False) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the picture as it was fitted, and a clip of it."""
    pipeline = AnimationPipeline.open()
    picture = read_picture(EXAMPLE)
    request = AnimationRequest(
        prompt="a boat on the sea, night falls", motion=Motion(level=level, loop=loop), num_inference_steps=8, seed=1
    )
    fitted = pipeline.settle(picture, request).picture.pixels
    return fitted, pipeline.animate(picture, request).frames


def movement(clip: NDArray[np.uint8]) -> float:
    """Return the mean absolute difference of all frames to the first, in grey levels."""
    return float(np.abs(clip[1:].astype(np.float64) - clip[:1]).mean())


def test_it_is_small_and_proven(sample_bundle: Bundle) -> None:
    manifest = sample_bundle.manifest
    assert sum(file.size for file in manifest.files.values()) <= 40 * 2**20
    assert manifest.modules.keys() == manifest.parity.keys() == set(MODULES)
    assert all(parity.psnr_db >= 100 for parity in manifest.parity.values())
    assert manifest.sources
    assert all(source.licence for source in manifest.sources)


def test_first_frame_is_recognisably_the_picture(sample_bundle: Bundle) -> None:
    picture, clip = frames(Level.SMALL)
    assert clip.shape == (sample_bundle.manifest.frames.trained, *picture.shape)
    assert picture.shape == (128, 128, 3)
    error = np.square(clip[0].astype(np.float64) - picture).mean()
    assert 10 * np.log10(255**2 / error) >= 15


def test_larger_motion_moves_more(sample_bundle: Bundle) -> None:  # noqa: ARG001 - skips without the sample
    small, large = movement(frames(Level.SMALL)[1]), movement(frames(Level.LARGE)[1])
    assert small > 1
    assert large > small * 1.1


def test_a_loop_comes_back(sample_bundle: Bundle) -> None:  # noqa: ARG001 - skips without the sample
    clip = frames(Level.LARGE, loop=True)[1].astype(np.float64)
    away = np.abs(clip - clip[0]).mean((1, 2, 3))
    assert away[-1] < away.max() / 4
