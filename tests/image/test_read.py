"""Pictures of every format, orientation and fault."""

import os
import random
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pia_edge.errors import OutOfMemoryError, PictureError
from pia_edge.image import read_picture
from tests.image.examples import BLUE, EXACT, GREEN, RED, chunk, png, quarters

# How a picture must lie in the file so that its EXIF orientation turns it upright.
LYING = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tiff", "avif"])
def test_every_exif_orientation_is_turned_upright(tmp_path: Path, suffix: str, orientation: int) -> None:
    image, turn = Image.fromarray(quarters()), LYING[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"picture.{suffix}"
    (image if turn is None else image.transpose(turn)).save(path, exif=exif, **EXACT[suffix])
    picture = read_picture(path)
    assert picture.pixels.shape == (32, 48, 3)
    assert np.abs(picture.pixels.astype(int) - quarters()).mean() < 1
    assert any("upright" in note for note in picture.notes) == (orientation > 1)


@pytest.mark.parametrize("suffix", EXACT)
def test_the_format_is_told_by_content_not_by_name(tmp_path: Path, suffix: str) -> None:
    written = tmp_path / f"picture.{suffix}"
    Image.fromarray(quarters()).save(written, **EXACT[suffix])
    picture = read_picture(written.rename(tmp_path / "notes.txt"))
    assert picture.format == {"jpg": "JPEG"}.get(suffix, suffix.upper())
    assert picture.notes == ()
    assert np.abs(picture.pixels.astype(int) - quarters()).mean() < 1
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.flags.c_contiguous


def test_multi_picture_file_of_a_phone_is_a_jpeg(tmp_path: Path) -> None:
    path = tmp_path / "phone.jpg"
    first = Image.fromarray(quarters())
    first.save(path, "MPO", save_all=True, append_images=[Image.new("RGB", (8, 8))])
    picture = read_picture(path)
    assert (picture.format, picture.pixels.shape, picture.notes) == ("JPEG", (32, 48, 3), ())


@pytest.mark.parametrize("progressive", [False, True])
def test_progressive_jpeg(tmp_path: Path, progressive: bool) -> None:
    Image.fromarray(quarters()).save(tmp_path / "p.jpg", quality=98, subsampling=0, progressive=progressive)
    assert np.abs(read_picture(tmp_path / "p.jpg").pixels.astype(int) - quarters()).mean() < 1


@pytest.mark.parametrize("suffix", ["gif", "webp", "png", "tiff"])
def test_first_frame_of_an_animation(tmp_path: Path, suffix: str) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, GREEN, BLUE)]
    frames[0].save(tmp_path / f"clip.{suffix}", save_all=True, append_images=frames[1:], **EXACT[suffix])
    picture = read_picture(tmp_path / f"clip.{suffix}")
    assert np.all(picture.pixels == RED)
    assert picture.notes == ("took the first of several frames",)


@pytest.mark.parametrize("size", [(1, 1), (1, 9000), (16384, 1), (17, 31)])
def test_odd_sizes(tmp_path: Path, size: tuple[int, int]) -> None:
    Image.new("RGB", size, GREEN).save(tmp_path / "odd.png")
    assert read_picture(tmp_path / "odd.png").pixels.shape == (size[1], size[0], 3)


@pytest.mark.parametrize(
    "head",
    [
        png(30000, 30000),
        png(2**31 - 1, 1),
        png(1, 16385),
        png(16000, 16000),
        png(8193, 8192),
        b"BM" + struct.pack("<IIIIiiHHIIIIII", 54, 0, 54, 40, 60000, 60000, 1, 24, 0, 0, 0, 0, 0, 0),
        b"GIF89a"
        + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0)
        + b"\x2c"
        + struct.pack("<HHHHB", 0, 0, 1, 1, 0)
        + b"\x02\0;",
    ],
    ids=["30000", "2^31", "narrow", "square", "just-over", "bmp", "gif"],
)
def test_a_decompression_bomb_is_refused_unopened(tmp_path: Path, head: bytes) -> None:
    limit = Image.MAX_IMAGE_PIXELS
    (tmp_path / "bomb").write_bytes(head)
    start = time.perf_counter()
    with pytest.raises(PictureError, match="too large"):
        read_picture(tmp_path / "bomb")
    assert time.perf_counter() - start < 1
    assert limit == Image.MAX_IMAGE_PIXELS


def test_text_that_inflates_to_gigabytes_is_refused(tmp_path: Path) -> None:
    bomb = chunk(b"iTXt", b"Comment\0\1\0\0\0" + zlib.compress(b"\0" * 50_000_000, 9))
    (tmp_path / "bomb.png").write_bytes(png(1, 1, rows=b"\0\0\0\0", extra=bomb))
    with pytest.raises(PictureError, match="damaged"):
        read_picture(tmp_path / "bomb.png")


def test_a_gif_of_very_many_frames_costs_one(tmp_path: Path) -> None:
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes([*RED, *GREEN])
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    (tmp_path / "long.gif").write_bytes(head + frame * 200_000 + b"\x3b")
    start = time.perf_counter()
    assert read_picture(tmp_path / "long.gif").pixels.tolist() == [[[*RED]]]
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("suffix", EXACT)
@pytest.mark.parametrize("share", [0.1, 0.9])
def test_a_file_cut_off_is_refused(tmp_path: Path, suffix: str, share: float) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    path = tmp_path / f"cut.{suffix}"
    Image.fromarray(noise).save(path, **EXACT[suffix])
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(PictureError, match="damaged, cut off"):
        read_picture(path)


@pytest.mark.parametrize("suffix", EXACT)
def test_flipped_bits_end_in_pixels_or_a_picture_error(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"flipped.{suffix}"
    Image.fromarray(quarters()).save(path, **EXACT[suffix])
    content = path.read_bytes()
    chance = random.Random(7)
    outcomes = set[int]()
    for _ in range(60):
        flipped = bytearray(content)
        for _ in range(chance.choice([1, 4])):
            flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
        path.write_bytes(flipped)
        try:
            outcomes.add(read_picture(path).pixels.ndim)
        except PictureError:
            outcomes.add(0)
    assert outcomes == {0, 3}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "web page.*Convert it to JPEG or PNG"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG drawing"),
        (b"<?xml version='1.0'?><a/>", "XML file"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC.*Convert it to JPEG or PNG"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isomavc1", "a video"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", "damaged"),
        (b"8BPS\0\1", "Photoshop"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "damaged, cut off, or not a PNG"),
        (b"hello", "damaged, cut off, or not a PNG"),
    ],
)
def test_what_is_not_a_picture_is_named(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "picture.png").write_bytes(content)
    with pytest.raises(PictureError, match=says):
        read_picture(tmp_path / "picture.png")


def test_a_broken_tiff_prints_nothing(tmp_path: Path) -> None:
    Image.fromarray(quarters()).save(tmp_path / "broken.tiff")
    content = (tmp_path / "broken.tiff").read_bytes()
    entry = content.index(struct.pack("<HHI", 277, 3, 1))
    (tmp_path / "broken.tiff").write_bytes(content[: entry + 8] + struct.pack("<I", 9) + content[entry + 12 :])
    with pytest.raises(PictureError, match="damaged"):
        read_picture(tmp_path / "broken.tiff")
    script = (
        "import sys\nfrom pathlib import Path\nfrom pia_edge import PiaError, read_picture\n"
        "try:\n    read_picture(Path(sys.argv[1]))\nexcept PiaError:\n    pass\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "broken.tiff")], capture_output=True, check=True
    )
    assert (ended.stdout, ended.stderr) == (b"", b"")


def test_paths_that_lead_to_no_file(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"No such file.*Check the name"):
        read_picture(tmp_path / "missing.png")
    with pytest.raises(PictureError, match="is a folder"):
        read_picture(tmp_path)
    with pytest.raises(PictureError, match="name too long"):
        read_picture(tmp_path / ("x" * 300))
    with pytest.raises(PictureError, match="Correct the name"):
        read_picture(tmp_path / "nul\0byte.png")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(PictureError, match="device or pipe"):
        read_picture(tmp_path / "pipe.png")


@pytest.mark.parametrize(
    ("raised", "expected", "says"),
    [(PermissionError(13, "Permission denied"), PictureError, "denied"), (MemoryError(), OutOfMemoryError, "memory")],
)
def test_what_the_system_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: Exception, expected: type[Exception], says: str
) -> None:
    (tmp_path / "picture.png").write_bytes(b"x")

    def refuse(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(expected, match=says):
        read_picture(tmp_path / "picture.png")


@pytest.mark.parametrize("name", ["mit Leerzeichen é.png", "日本語.png", "🐻.png", "100%#'.png"])
def test_names_of_every_script(tmp_path: Path, name: str) -> None:
    Image.fromarray(quarters()).save(tmp_path / name)
    assert read_picture(tmp_path / name).path.name == name
