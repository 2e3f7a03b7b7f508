"""What large WebP loses."""

from pathlib import Path

import numpy as np

from pia_edge.clip import save_clip
from tests.clip.examples import halved_colours, moving_scene, psnr, read_frames


def test_large_webp_loses_only_what_halved_colours_lose(tmp_path: Path) -> None:
    frames = moving_scene(3, 264, 300)
    decoded, _, _ = read_frames(save_clip(frames, tmp_path / "a.webp", fps=8, recipe=None, overwrite=False))
    assert psnr(decoded, frames) > psnr(halved_colours(frames), frames) - 1
    smooth = np.ones((264, 300), dtype=bool)
    smooth[20:41, :40] = False
    assert psnr(decoded[:, smooth], frames[:, smooth]) > 40
