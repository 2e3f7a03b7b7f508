"""What only GIF needs: its palette, its dither and its coarse clock."""

from pathlib import Path

import numpy as np
import pytest

from pia_edge.clip import save_clip
from pia_edge.clip.gif import frame_delays, to_palette
from tests.clip.examples import few_colours, moving_scene, read_frames


def test_gif_delays_at_8_fps_alternate() -> None:
    assert frame_delays(4, 8) == [13, 12, 13, 12]
    assert sum(frame_delays(16, 8)) == 200


def test_gif_of_few_colours_is_exact(tmp_path: Path) -> None:
    frames = few_colours(5)
    decoded, _, _ = read_frames(save_clip(frames, tmp_path / "flat.gif", fps=8, recipe=None, overwrite=False))
    assert np.array_equal(decoded, frames)


@pytest.mark.parametrize("num_colours", [1, 2, 3, 4, 5, 16, 17, 128, 254, 255])
def test_gif_of_any_number_of_colours_is_exact(tmp_path: Path, num_colours: int) -> None:
    greys = np.arange(num_colours, dtype=np.uint8)
    frames = np.stack([greys, greys[::-1], greys])[:, None, :, None].repeat(8, axis=1).repeat(3, axis=3)
    decoded, delays, _ = read_frames(save_clip(frames, tmp_path / "g.gif", fps=8, recipe=None, overwrite=False))
    assert np.array_equal(decoded[-1], frames[-1])
    assert np.array_equal(decoded[len(decoded) // 2], frames[1])
    assert sum(delays) == 380


def test_gif_has_one_palette_for_all_frames(tmp_path: Path) -> None:
    frames = np.random.default_rng(1).integers(0, 256, (3, 64, 64, 3), dtype=np.uint8)
    content = save_clip(frames, tmp_path / "g.gif", fps=8, recipe=None, overwrite=False).read_bytes()
    assert content[10] == 0b1000_0111
    # Image separator, whole frame, and no palette of its own.
    assert content.count(b"\x2c\0\0\0\0\x40\0\x40\0\0") == 3


def test_gif_does_not_flicker_where_nothing_moves(tmp_path: Path) -> None:
    frames = moving_scene()
    decoded, _, _ = read_frames(save_clip(frames, tmp_path / "clip.gif", fps=8, recipe=None, overwrite=False))
    stands_still = np.all(frames[1:] == frames[:-1], axis=-1)
    assert stands_still.mean() > 0.9
    assert np.array_equal(decoded[1:][stands_still], decoded[:-1][stands_still])


def test_gif_dither_hides_bands() -> None:
    ramp = np.repeat(np.linspace(0, 255, 600)[None, None], 64, axis=1)
    frames = np.stack([ramp, ramp * 0.7 + 20, 255 - ramp], axis=-1).astype(np.uint8)
    indices, palette = to_palette(frames)
    mean_over_columns = palette[indices].astype(float).mean(axis=(0, 1))
    assert np.abs(mean_over_columns - frames.astype(float).mean(axis=(0, 1))).max() < 4
    assert len(np.unique(indices[0, :, 300])) > 1


def test_gif_stores_only_what_changes(tmp_path: Path) -> None:
    still = np.random.default_rng(1).integers(0, 256, (1, 96, 96, 3), dtype=np.uint8)
    frames = np.repeat(still, 10, axis=0)
    one = save_clip(still, tmp_path / "one.gif", fps=8, recipe=None, overwrite=False).stat().st_size
    frames[5, 10:14, 20:24] = 0
    ten = save_clip(frames, tmp_path / "ten.gif", fps=8, recipe=None, overwrite=False).stat().st_size
    assert ten < one * 1.1
