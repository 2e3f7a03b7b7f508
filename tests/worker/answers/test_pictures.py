"""What a worker answers of pictures: the pixels that the pipeline would be given, and pictures that are kept."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pia_edge import AnimationRequest, Bundle, read_picture
from pia_edge.bundle.find import find_bundle
from pia_edge.bundle.opening import read_manifest
from pia_edge.cancel import CancelToken
from pia_edge.errors import Cancelled, OutputError, PictureError, RequestError
from pia_edge.request import Fit
from pia_edge.settings import settle
from pia_edge.worker.answers.pictures import keep_picture, view_picture
from pia_edge.worker.picture_questions import KeepPicture, PictureViewed, ViewPicture


def view(path: Path, *, size: tuple[int, int] | None = None, fit: Fit = Fit.ORIGINAL) -> PictureViewed:
    return view_picture(ViewPicture(path=path, size=size, fit=fit), CancelToken())


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    pixels = np.random.default_rng(0).integers(0, 256, (200, 300, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "wide.png")
    return tmp_path / "wide.png"


@pytest.mark.parametrize(
    ("size", "fit"), [(None, Fit.ORIGINAL), ((128, 128), Fit.CROP), ((64, 128), Fit.PAD), (None, Fit.PAD)]
)
def test_what_is_viewed_is_what_the_pipeline_animates(wide: Path, size: tuple[int, int] | None, fit: Fit) -> None:
    manifest, _ = read_manifest(find_bundle(None))
    settled = settle(manifest, read_picture(wide), AnimationRequest(prompt="a", size=size, fit=fit)).picture
    viewed = view(wide, size=size, fit=fit)
    height, width = settled.pixels.shape[:2]
    assert viewed.pixels == settled.pixels.tobytes()
    assert viewed.size == viewed.shown_size == (width, height)
    assert (viewed.inner_box, viewed.notes) == (settled.inner_box, settled.notes)
    assert viewed.source_size == (300, 200)
    assert viewed.num_frames == 16


def test_a_last_picture_is_brought_to_the_size_of_the_first(wide: Path, tmp_path: Path, tiny: Bundle) -> None:
    Image.new("RGB", (90, 90), "red").save(tmp_path / "red.png")
    question = ViewPicture(
        path=tmp_path / "red.png", first=wide, bundle=str(tiny.path), fit=Fit.CROP, size=(64, 48), num_frames=4
    )
    viewed = view_picture(question, CancelToken())
    assert viewed.size == (64, 48)
    assert set(viewed.pixels[::3]) == {255}
    assert viewed.source_size == (90, 90)


def test_notes_say_what_was_changed_in_the_file_and_in_its_size(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGBA", (256, 128), (0, 0, 0, 128)).save(tmp_path / "turned.png", exif=exif)
    viewed = view(tmp_path / "turned.png")
    assert viewed.source_size == (128, 256)
    assert [note.split()[0] for note in viewed.notes] == ["turned", "laid", "scaled"]


def test_a_file_that_has_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "one.png"
    Image.new("RGB", (64, 64), "red").save(path)
    red = view(path)
    Image.new("RGB", (64, 64), "lime").save(path)
    assert (red.pixels[:3], view(path).pixels[:3]) == (b"\xff\0\0", b"\0\xff\0")


def test_what_is_too_much_for_a_message_is_shown_smaller(tmp_path: Path, tiny: Bundle) -> None:
    from pia_edge.worker.answers.pictures import _reduced

    assert _reduced(np.zeros((4096, 2048, 3), np.uint8)).shape == (1536, 768, 3)
    assert tiny.manifest.sizes.maximum <= 1536
    assert tmp_path.exists()


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_gets_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.png").write_bytes(content)
    with pytest.raises(PictureError, match=r"bad\.png.*\.$"):
        view(tmp_path / "bad.png")


def test_folders_and_what_has_vanished_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="is a folder"):
        view(tmp_path)
    with pytest.raises(PictureError, match="No such file"):
        view(tmp_path / "gone.png")


def test_a_picture_that_the_bundle_takes_in_no_size_is_refused(tmp_path: Path) -> None:
    Image.new("RGB", (40, 40)).save(tmp_path / "small.png")
    with pytest.raises(RequestError, match="between 64 and 256"):
        view(tmp_path / "small.png")


def test_viewing_stops(wide: Path) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        view_picture(ViewPicture(path=wide), token)


def test_pixels_are_kept_as_png_under_a_name_that_says_the_content(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (3, 5, 4), dtype=np.uint8)
    (tmp_path / "raw").write_bytes(pixels.tobytes())
    question = KeepPicture(source=tmp_path / "raw", size=(5, 3), folder=tmp_path / "kept")
    kept = keep_picture(question).path
    assert np.array_equal(np.asarray(Image.open(kept)), pixels[..., [2, 1, 0, 3]])
    written = kept.stat().st_mtime_ns
    assert keep_picture(question).path == kept
    assert kept.stat().st_mtime_ns == written
    assert [path.name for path in (tmp_path / "kept").iterdir()] == [kept.name]


def test_alpha_that_means_nothing_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "raw").write_bytes(bytes([1, 2, 3, 0]))
    question = KeepPicture(source=tmp_path / "raw", size=(1, 1), opaque=True, folder=tmp_path / "kept")
    assert Image.open(keep_picture(question).path).getpixel((0, 0)) == (3, 2, 1)


def test_a_png_is_kept_byte_by_byte(wide: Path, tmp_path: Path) -> None:
    kept = keep_picture(KeepPicture(source=wide, folder=tmp_path / "kept")).path
    assert kept.suffix == ".png"
    assert kept.read_bytes() == wide.read_bytes()


@pytest.mark.parametrize("size", [(5, 3), (20_000, 10), (0, 0), None])
def test_what_is_not_what_it_should_be_is_not_kept(tmp_path: Path, size: tuple[int, int] | None) -> None:
    (tmp_path / "raw").write_bytes(b"123")
    with pytest.raises(PictureError, match=r"\.$"):
        keep_picture(KeepPicture(source=tmp_path / "raw", size=size, folder=tmp_path / "kept"))
    assert not (tmp_path / "kept").exists()


def test_a_folder_that_cannot_be_made_gets_a_sentence(wide: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="not a folder"):
        keep_picture(KeepPicture(source=wide, folder=tmp_path / "file" / "kept"))
