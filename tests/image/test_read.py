"""Pictures of every format, colour and fault, fitted to the size of a clip."""

import os
import random
import struct
import time
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageCms

from pia_edge.errors import NumericError, OutOfMemoryError, PictureError, RequestError
from pia_edge.image import Fit, fit_picture, from_model_range, read_picture, to_model_range

RED, GREEN, BLUE, GRAY = (255, 0, 0), (0, 255, 0), (0, 0, 255), (200, 200, 200)
EXACT: dict[str, dict[str, Any]] = {
    "png": {},
    "jpg": {"quality": 98, "subsampling": 0},
    "webp": {"lossless": True},
    "bmp": {},
    "tiff": {},
    "gif": {},
    "avif": {"quality": 95, "subsampling": "4:4:4"},
}
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


def quarters() -> npt.NDArray[np.uint8]:
    pixels = np.zeros((32, 48, 3), dtype=np.uint8)
    pixels[:16, :24], pixels[:16, 24:], pixels[16:, :24], pixels[16:, 24:] = RED, GREEN, BLUE, GRAY
    return pixels


def png(width: int, height: int, *, depth: int = 8, colour: int = 2, rows: bytes = b"", extra: bytes = b"") -> bytes:
    """A PNG by hand, for what Pillow does not write."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def icc_profile(primaries: npt.NDArray[np.float64], gamma: float) -> bytes:
    """A version 2 display profile by hand: D50 primaries (one a row) and one gamma."""

    def xyz(values: npt.NDArray[np.float64]) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    text = b"Wide gamut"
    description = b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + b"\0" * (1 + 4 + 4 + 2 + 1 + 67 + 1)
    tags = {b"desc": description, b"cprt": b"text\0\0\0\0none\0\0\0\0", b"wtpt": xyz(np.array([0.9642, 1, 0.8249]))}
    tags |= {name: xyz(row) for name, row in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries, strict=True)}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    offset, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, content in tags.items():
        padded = content + b"\0" * (-len(content) % 4)
        table += name + struct.pack(">II", offset + len(body), len(content))
        body += padded
    header = struct.pack(">I4sI4s4s4s", offset + len(body), b"test", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    header = header.ljust(36, b"\0") + b"acsp"
    white = struct.pack(">iii", round(0.9642 * 65536), 65536, round(0.8249 * 65536))
    return header.ljust(68, b"\0") + white + b"\0" * 48 + struct.pack(">I", len(tags)) + table + body


SRGB_D50 = np.array([[0.43607, 0.22249, 0.01392], [0.38515, 0.71687, 0.09708], [0.14307, 0.06061, 0.71410]])
DISPLAY_P3 = np.array([[0.51512, 0.24120, -0.00105], [0.29198, 0.69225, 0.04189], [0.15710, 0.06657, 0.78407]])
ADOBE_RGB = np.array([[0.60974, 0.31111, 0.01947], [0.20528, 0.62567, 0.06087], [0.14919, 0.06322, 0.74457]])


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


@pytest.mark.parametrize("suffix", ["png", "tiff"])
def test_sixteen_bit_gray_keeps_its_brightness(tmp_path: Path, suffix: str) -> None:
    samples = (np.arange(256, dtype=np.uint16) * 257).reshape(16, 16)
    Image.fromarray(samples).save(tmp_path / f"deep.{suffix}")
    picture = read_picture(tmp_path / f"deep.{suffix}")
    assert np.array_equal(picture.pixels, np.repeat(np.arange(256).reshape(16, 16, 1), 3, axis=2))
    assert picture.notes == ("converted from 16 bits per sample",)


def test_sixteen_bit_gray_is_rounded_to_the_nearest_level(tmp_path: Path) -> None:
    samples = np.arange(0, 65536, 7, dtype=np.uint16)[None]
    Image.fromarray(samples).save(tmp_path / "deep.png")
    assert np.array_equal(read_picture(tmp_path / "deep.png").pixels[..., 0], np.rint(samples / 257))


@pytest.mark.parametrize(("order", "mark"), [("<", b"II*\0"), (">", b"MM\0*")])
def test_tiff_of_either_byte_order_and_of_twelve_bits(tmp_path: Path, order: str, mark: bytes) -> None:
    bits = 12 if order == "<" else 16
    pixels = bytes([0xFF, 0xF8, 0x00, 0x00, 0x00, 0x00]) if bits == 12 else struct.pack(">4H", 65535, 32896, 0, 0)
    entries = [(256, 4), (257, 1), (258, bits), (259, 1), (262, 1), (273, 200), (277, 1), (278, 1), (279, len(pixels))]
    directory = struct.pack(f"{order}H", len(entries))
    for tag, value in entries:
        directory += struct.pack(f"{order}HHI", tag, 4, 1) + struct.pack(f"{order}I", value)
    content = (mark + struct.pack(f"{order}I", 8) + directory + b"\0" * 4).ljust(200, b"\0") + pixels
    (tmp_path / "deep.tiff").write_bytes(content)
    assert read_picture(tmp_path / "deep.tiff").pixels[0, :, 0].tolist() == [255, 128, 0, 0]


def test_sixteen_bit_rgb_and_rgba(tmp_path: Path) -> None:
    rgb = struct.pack(">x6H", 65535, 32896, 0, 257, 514, 771)
    (tmp_path / "rgb.png").write_bytes(png(2, 1, depth=16, rows=rgb))
    assert read_picture(tmp_path / "rgb.png").pixels.tolist() == [[[255, 128, 0], [1, 2, 3]]]
    rgba = struct.pack(">x8H", 65535, 32896, 0, 65535, 257, 514, 771, 0)
    (tmp_path / "rgba.png").write_bytes(png(2, 1, depth=16, colour=6, rows=rgba))
    assert read_picture(tmp_path / "rgba.png").pixels.tolist() == [[[255, 128, 0], [255, 255, 255]]]


@pytest.mark.parametrize("dtype", [np.float32, np.int32])
def test_samples_without_an_agreed_white_are_refused(tmp_path: Path, dtype: type[np.generic]) -> None:
    Image.fromarray(np.full((4, 4), 1, dtype=dtype)).save(tmp_path / "science.tiff")
    with pytest.raises(PictureError, match=r"8 or 16 bits per sample, found (floating-point|32-bit)"):
        read_picture(tmp_path / "science.tiff")


@pytest.mark.parametrize("suffix", ["jpg", "tiff"])
def test_cmyk(tmp_path: Path, suffix: str) -> None:
    inks = np.zeros((16, 32, 4), dtype=np.uint8)
    inks[:, 16:] = (0, 255, 255, 0)
    Image.fromarray(inks, mode="CMYK").save(tmp_path / f"print.{suffix}", **EXACT[suffix])
    picture = read_picture(tmp_path / f"print.{suffix}")
    assert np.abs(picture.pixels[:, :12].astype(int) - 255).max() < 6
    assert np.abs(picture.pixels[:, 20:].astype(int) - RED).max() < 6
    assert picture.notes == ("converted from CMYK",)


@pytest.mark.parametrize(("primaries", "gamma"), [(DISPLAY_P3, 2.2), (ADOBE_RGB, 2.19921875)], ids=["p3", "adobe"])
@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "tiff"])
def test_colour_profile_is_converted_to_srgb(
    tmp_path: Path, suffix: str, primaries: npt.NDArray[np.float64], gamma: float
) -> None:
    colour = (180, 120, 90)
    image = Image.new("RGB", (16, 16), colour)
    image.save(tmp_path / f"wide.{suffix}", icc_profile=icc_profile(primaries, gamma), **EXACT[suffix])
    linear = (np.array(colour) / 255) ** gamma @ primaries @ np.linalg.inv(SRGB_D50)
    expected = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055) * 255
    picture = read_picture(tmp_path / f"wide.{suffix}")
    assert np.abs(picture.pixels[8, 8] - expected).max() < 2.5
    assert np.abs(expected - colour).max() > 6
    assert picture.notes == ("converted from the colour profile 'Wide gamut' to sRGB",)


@pytest.mark.parametrize("profile", [b"not a profile", b"\0" * 200, "rgb profile on gray"])
def test_useless_profile_is_noted_and_ignored(tmp_path: Path, profile: bytes | str) -> None:
    if isinstance(profile, str):
        image, profile = Image.new("L", (4, 4), 77), icc_profile(ADOBE_RGB, 2.2)
    else:
        image = Image.new("RGB", (4, 4), (77, 77, 77))
    image.save(tmp_path / "odd.png", icc_profile=profile)
    picture = read_picture(tmp_path / "odd.png")
    assert np.all(picture.pixels == 77)
    assert picture.notes == ("ignored a colour profile that is damaged or of another kind of colour",)


def test_srgb_profile_changes_nothing_visible(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.fromarray(quarters()).save(tmp_path / "srgb.png", icc_profile=profile)
    picture = read_picture(tmp_path / "srgb.png")
    assert np.abs(picture.pixels.astype(int) - quarters()).max() <= 1
    assert picture.notes == ()


@pytest.mark.parametrize(
    ("mode", "transparent", "opaque", "shown"),
    [
        ("RGBA", (255, 0, 0, 0), (10, 20, 30, 255), (10, 20, 30)),
        ("LA", (0, 0), (90, 255), (90, 90, 90)),
    ],
)
@pytest.mark.parametrize("suffix", ["png", "webp", "tiff"])
def test_no_colour_shows_through_alpha_zero(
    tmp_path: Path, suffix: str, mode: str, transparent: tuple[int, ...], opaque: tuple[int, ...], shown: Any
) -> None:
    image = Image.new(mode, (2, 1), transparent)
    image.putpixel((1, 0), opaque)
    image.save(tmp_path / f"alpha.{suffix}", **EXACT[suffix])
    picture = read_picture(tmp_path / f"alpha.{suffix}")
    assert picture.pixels.tolist() == [[[255, 255, 255], list(shown)]]
    assert picture.notes == ("laid the transparent parts over white",)


def test_half_transparent_is_half_white(tmp_path: Path) -> None:
    Image.new("RGBA", (1, 1), (0, 0, 0, 128)).save(tmp_path / "half.png")
    assert read_picture(tmp_path / "half.png").pixels.tolist() == [[[127, 127, 127]]]


@pytest.mark.parametrize("suffix", ["png", "gif"])
def test_palette_with_transparency(tmp_path: Path, suffix: str) -> None:
    image = Image.new("P", (3, 1))
    image.putpalette([*RED, *GREEN, *BLUE])
    image.putdata([0, 1, 2])
    image.save(tmp_path / f"palette.{suffix}", transparency=1)
    assert read_picture(tmp_path / f"palette.{suffix}").pixels.tolist() == [[[*RED], [255, 255, 255], [*BLUE]]]


@pytest.mark.parametrize(
    ("depth", "colour", "rows", "transparent"),
    [
        (8, 2, bytes([0, *RED, *BLUE]), struct.pack(">3H", *RED)),
        (8, 0, bytes([0, 50, 255]), struct.pack(">H", 50)),
        (16, 0, struct.pack(">x2H", 12850, 65535), struct.pack(">H", 12850)),
        (1, 0, bytes([0, 0b0100_0000]), struct.pack(">H", 0)),
    ],
    ids=["rgb", "gray", "gray16", "one-bit"],
)
def test_png_with_one_transparent_colour(
    tmp_path: Path, depth: int, colour: int, rows: bytes, transparent: bytes
) -> None:
    content = png(2, 1, depth=depth, colour=colour, rows=rows, extra=chunk(b"tRNS", transparent))
    (tmp_path / "t.png").write_bytes(content)
    last = [*BLUE] if colour == 2 else [255, 255, 255]
    assert read_picture(tmp_path / "t.png").pixels.tolist() == [[[255, 255, 255], last]]


@pytest.mark.parametrize("suffix", ["png", "bmp", "tiff", "gif"])
@pytest.mark.parametrize("mode", ["1", "L"])
def test_gray_and_one_bit(tmp_path: Path, suffix: str, mode: str) -> None:
    image = Image.new(mode, (2, 1), 0)
    image.putpixel((1, 0), 255)
    image.save(tmp_path / f"gray.{suffix}")
    assert read_picture(tmp_path / f"gray.{suffix}").pixels.tolist() == [[[0, 0, 0], [255, 255, 255]]]


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


def picture_of(width: int, height: int) -> npt.NDArray[np.uint8]:
    return np.random.default_rng(width * height).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    ("given", "fitted"),
    [
        ((512, 640), (408, 512)),
        ((1024, 1536), (336, 512)),
        ((640, 512), (512, 408)),
        ((512, 512), (512, 512)),
        ((100, 60), (96, 56)),
        ((561, 561), (512, 512)),
        ((8, 8), (8, 8)),
    ],
)
def test_the_original_rule(given: tuple[int, int], fitted: tuple[int, int]) -> None:
    pixels = picture_of(*given)
    result = fit_picture(pixels, fit=Fit.ORIGINAL, size=None, long_edge=512, multiple=8)
    assert result.pixels.shape == (fitted[1], fitted[0], 3)
    assert result.inner_box == (0, 0, *fitted)
    scale = min(1, 512 / max(given))
    once = Image.fromarray(pixels).resize((round(given[0] * scale - 0.01), round(given[1] * scale - 0.01)))
    if max(given) <= 512:
        assert np.array_equal(result.pixels, np.asarray(once.resize(fitted)))
    assert bool(result.notes) == (given != fitted)


def test_the_original_rule_resizes_twice() -> None:
    pixels = picture_of(102, 154)
    result = fit_picture(pixels, fit=Fit.ORIGINAL, size=None, long_edge=64, multiple=8)
    twice = Image.fromarray(pixels).resize((42, 64)).resize((40, 64))
    assert np.array_equal(result.pixels, np.asarray(twice))
    assert result.notes == ("scaled from 102x154 to 40x64",)


@pytest.mark.parametrize("fit", Fit)
@pytest.mark.parametrize("given", [(512, 640), (77, 33), (1537, 1023), (64, 64), (20, 700)])
@pytest.mark.parametrize("multiple", [4, 8])
def test_own_size_is_allowed_and_never_enlarged(given: tuple[int, int], fit: Fit, multiple: int) -> None:
    result = fit_picture(picture_of(*given), fit=fit, size=None, long_edge=512, multiple=multiple)
    height, width, _ = result.pixels.shape
    left, top, right, bottom = result.inner_box
    assert width % multiple == height % multiple == 0
    assert max(width, height) <= 512
    assert right - left <= given[0]
    assert bottom - top <= given[1]


@pytest.mark.parametrize("fit", [Fit.ORIGINAL, Fit.CROP])
@pytest.mark.parametrize("given", [(1, 1), (7, 200), (1, 10000), (3000, 20)])
def test_too_small_without_a_size_is_refused_and_pads(given: tuple[int, int], fit: Fit) -> None:
    with pytest.raises(PictureError, match=r"too small or too narrow.*'pad'"):
        fit_picture(picture_of(*given), fit=fit, size=None, long_edge=512, multiple=8)
    padded = fit_picture(picture_of(*given), fit=Fit.PAD, size=None, long_edge=512, multiple=8)
    assert min(padded.pixels.shape[:2]) >= 8


@pytest.mark.parametrize("fit", [Fit.CROP, Fit.PAD])
@pytest.mark.parametrize("given", [(1, 1), (1, 10000), (10000, 1), (300, 200), (200, 300), (512, 256), (64, 32)])
def test_crop_and_pad_reach_any_size(given: tuple[int, int], fit: Fit) -> None:
    pixels = np.full((given[1], given[0], 3), 99, dtype=np.uint8)
    result = fit_picture(pixels, fit=fit, size=(64, 32), long_edge=512, multiple=8)
    assert result.pixels.shape == (32, 64, 3)
    assert np.all(result.pixels == 99)


def test_crop_keeps_the_middle() -> None:
    pixels = np.zeros((32, 96, 3), dtype=np.uint8)
    pixels[:, 32:64] = 200
    result = fit_picture(pixels, fit=Fit.CROP, size=(32, 32), long_edge=512, multiple=8)
    assert np.all(result.pixels == 200)
    assert result.notes == ("cropped from 96x32 to the middle 32x32, scaled to 32x32",)


def test_pad_repeats_the_edges_and_says_where_the_picture_is() -> None:
    pixels = picture_of(32, 16)
    result = fit_picture(pixels, fit=Fit.PAD, size=(32, 40), long_edge=512, multiple=8)
    left, top, right, bottom = result.inner_box
    assert (left, top, right, bottom) == (0, 12, 32, 28)
    assert np.array_equal(result.pixels[top:bottom, left:right], pixels)
    assert np.all(result.pixels[:top] == pixels[0])
    assert np.all(result.pixels[bottom:] == pixels[-1])
    assert result.notes == ("padded from 32x16 to 32x40 by repeating the edges",)


def test_original_with_a_size_resizes_only_what_has_its_shape() -> None:
    result = fit_picture(picture_of(300, 205), fit=Fit.ORIGINAL, size=(96, 64), long_edge=512, multiple=8)
    assert result.pixels.shape == (64, 96, 3)
    with pytest.raises(RequestError, match=r"distorted at 64x64.*'crop' or 'pad'"):
        fit_picture(picture_of(300, 205), fit=Fit.ORIGINAL, size=(64, 64), long_edge=512, multiple=8)


@pytest.mark.parametrize("size", [(0, 8), (-8, 8), (60, 64), (64, 4)])
def test_a_size_that_is_no_multiple_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(RequestError, match="multiples of 8"):
        fit_picture(picture_of(64, 64), fit=Fit.CROP, size=size, long_edge=512, multiple=8)


def test_model_range_holds_every_level() -> None:
    pixels = np.repeat(np.arange(256, dtype=np.uint8).reshape(16, 16, 1), 3, axis=2)
    values = to_model_range(pixels)
    assert values.shape == (1, 3, 16, 16)
    assert values.dtype == np.float32
    assert (values.min(), values.max()) == (-1, 1)
    assert np.allclose(values[0, 0], pixels[..., 0] / 255.0 * 2 - 1, atol=1e-6)
    assert np.array_equal(from_model_range(values)[0], pixels)
    assert np.array_equal(from_model_range(values[0].astype(np.float16)), pixels)


def test_model_range_is_clamped_and_rounded() -> None:
    values = np.array([-3, -1, 0.0, 0.5 / 255, 1, 7], dtype=np.float32)
    shown = from_model_range(np.broadcast_to(values, (2, 3, 1, 6)))
    assert shown.shape == (2, 1, 6, 3)
    assert shown[1, 0, :, 0].tolist() == [0, 0, 128, 128, 255, 255]


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_never_becomes_black(wrong: float) -> None:
    values = np.zeros((2, 3, 4, 4), dtype=np.float32)
    values[1, 2, 3, 3] = wrong
    with pytest.raises(NumericError, match=r"in 1 of 96 values.*fp32"):
        from_model_range(values)
