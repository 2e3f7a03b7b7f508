"""What pictures are made from: found, cut out, seen from anywhere, and kept in one file."""

import base64
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from pia_edge.errors import BundleError
from pia_edge.training.canvas import Canvas
from pia_edge.training.cutouts import LARGEST, Cutout, paste, read_cutouts
from pia_edge.training.panoramas import PLACES, read_panoramas, view
from pia_edge.training.pictures import render_pictures
from pia_edge.training.sources import Sources, gather, load_sources, save_sources


def disc(path: Path, colour: tuple[int, int, int], size: int = 300) -> None:
    """Draw a disc on nothing, with an empty margin."""
    picture = Image.new("RGBA", (size, size))
    ImageDraw.Draw(picture).ellipse((size // 5, size // 5, size * 4 // 5, size * 4 // 5), fill=(*colour, 255))
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path)


def globe() -> NDArray[np.uint8]:
    """A panorama: red in front, green to the right, blue behind, black to the left; white above, grey below."""
    panorama = np.zeros((64, 128, 3), np.uint8)
    quarters = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (0, 0, 0)]
    for column in range(128):
        panorama[:, column] = quarters[((column + 16) // 32) % 4]
    panorama[:20] = 255
    panorama[44:] = 128
    return panorama


def test_known_things_are_cut_out_of_the_folder(tmp_path: Path) -> None:
    """Names in other languages are known; what is black, a road sign or unknown is left out."""
    disc(tmp_path / "animals" / "mammals" / "orso_architetto_francesc_01.png", (140, 90, 40))
    disc(tmp_path / "animals" / "contour_fox.png", (140, 90, 40))
    disc(tmp_path / "animals" / "gatto_nero_01.png", (10, 10, 10))
    disc(tmp_path / "food" / "something_else.png", (200, 40, 40))
    disc(tmp_path / "transportation" / "roadsigns" / "car.png", (200, 40, 40))
    (bear,) = read_cutouts(tmp_path)
    assert bear.noun == "a bear"
    assert max(bear.pixels.shape[:2]) == LARGEST
    assert tuple(bear.pixels[64, 64]) == (140, 90, 40, 255)
    assert bear.pixels[0, 0, 3] == 0


def test_a_cutout_is_pasted_with_its_own_edges() -> None:
    pixels = np.zeros((100, 60, 4), np.uint8)
    pixels[10:90, 10:50] = (250, 30, 30, 255)
    changed = 0.0
    for seed in range(5):
        canvas = Canvas(np.random.default_rng(seed), 96)
        canvas.rgb[:] = 0.5
        paste(canvas, Cutout(noun="a box", pixels=pixels))
        found = np.abs(canvas.rgb - 0.5).max(-1) > 0.05
        changed += float(found.mean())
        assert 0 <= canvas.rgb.min() <= canvas.rgb.max() <= 1
        assert np.all(canvas.rgb[found][:, 0] >= canvas.rgb[found][:, 1] - 1e-3), "no colour of the empty margin"
    assert changed > 0.1


def test_a_camera_in_a_panorama_sees_its_surroundings_upright() -> None:
    """It never sees both poles, and white is above."""
    seen = [view(np.random.default_rng(seed), globe(), 48) for seed in range(40)]
    assert all(picture.shape == (48, 48, 3) for picture in seen)
    middles = {tuple((picture[24, 24] > 0.5).tolist()) for picture in seen}
    assert middles == {(True, False, False), (False, True, False), (False, False, True), (False, False, False)}
    tops, bottoms = (np.mean([picture[row].min(-1).mean() for picture in seen]) for row in (0, -1))
    assert tops > bottoms


def test_right_in_the_panorama_is_right_in_the_picture() -> None:
    for seed in range(40):
        picture = view(np.random.default_rng(seed), globe(), 48)
        row = picture[24]
        if row[0, 0] > 0.5 and row[-1, 0] < 0.5:
            assert row[-1, 1] > 0.5, "green lies to the right of red"
            return
    raise AssertionError("no view from red to something else")


def test_panoramas_are_read_from_scripts(tmp_path: Path) -> None:
    openexr = pytest.importorskip("OpenEXR")
    light = np.linspace(0, 4, 32 * 64 * 3, dtype=np.float32).reshape(32, 64, 3)
    openexr.File({"type": openexr.scanlineimage}, {"RGB": light}).write(str(tmp_path / "a.exr"))
    encoded = base64.b64encode((tmp_path / "a.exr").read_bytes()).decode()
    for name in PLACES:
        (tmp_path / f"{name}.exr.js").write_text(f"export default 'data:application/exr;base64,{encoded}';\n")
    found = read_panoramas(tmp_path)
    assert list(found) == list(PLACES)
    pixels = found["forest"]
    assert pixels.shape == (32, 64, 3)
    assert pixels.dtype == np.uint8
    assert pixels[0, 0, 0] < 20, "dark stays dark"
    assert pixels[-1, -1, 0] > 200
    assert pixels[24, 0, 0] < pixels[-1, -1, 2], "the brightest is not cut"


def test_sources_survive_the_disk_and_make_the_same_pictures(tmp_path: Path) -> None:
    pixels = np.full((40, 30, 4), 255, np.uint8)
    sources = Sources(
        photographs={"coffee.png": np.full((90, 120, 3), 90, np.uint8)},
        panoramas={"forest": globe()},
        cutouts=[Cutout(noun="a box", pixels=pixels)],
    )
    save_sources(sources, tmp_path / "sources.npz")
    again = load_sources(tmp_path / "sources.npz")
    assert again.provenance == sources.provenance
    assert set(again.provenance) == {"coffee.png", "forest.exr", "1 cut-outs"}
    first, second = (render_pictures(3, 12, each) for each in (sources, again))
    np.testing.assert_array_equal(first.canvases.numpy(), second.canvases.numpy())
    assert first.captions == second.captions
    assert any(caption.startswith("a box and ") for caption in first.captions)
    assert any("a forest path" in caption for caption in first.captions)


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="fetch-training-pictures"):
        gather(tmp_path)
    with pytest.raises(BundleError, match="stage 'sources'"):
        load_sources(tmp_path / "sources.npz")
