"""Folders of numbered PNGs."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pia_edge.clip import save_clip
from pia_edge.errors import OutputError
from tests.clip.examples import moving_scene


def test_png_sequence(tmp_path: Path) -> None:
    frames = moving_scene(3)
    folder = save_clip(frames, f"{tmp_path}/clip.v2/", fps=8, recipe=None, overwrite=False)
    assert sorted(path.name for path in folder.iterdir()) == ["0000.png", "0001.png", "0002.png"]
    for index, frame in enumerate(frames):
        with Image.open(folder / f"{index:04}.png") as image:
            assert np.array_equal(np.asarray(image), frame)
            assert image.info["srgb"] == 0


def test_a_shorter_sequence_leaves_no_old_frames(tmp_path: Path) -> None:
    save_clip(moving_scene(5), tmp_path / "frames", fps=8, recipe=None, overwrite=False)
    with pytest.raises(OutputError, match="not empty"):
        save_clip(moving_scene(2), tmp_path / "frames", fps=8, recipe=None, overwrite=False)
    save_clip(moving_scene(2), tmp_path / "frames", fps=8, recipe=None, overwrite=True)
    assert len(list((tmp_path / "frames").iterdir())) == 2


def test_a_folder_of_photographs_is_safe(tmp_path: Path) -> None:
    (tmp_path / "IMG_0001.png").write_bytes(b"holiday")
    with pytest.raises(OutputError, match="would be lost"):
        save_clip(moving_scene(2), tmp_path, fps=8, recipe=None, overwrite=True)
    assert (tmp_path / "IMG_0001.png").read_bytes() == b"holiday"
