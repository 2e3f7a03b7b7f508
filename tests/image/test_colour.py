"""Every depth, palette, colour profile and transparency, as 8-bit sRGB."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageCms

from pia_edge.errors import PictureError
from pia_edge.image import read_picture
from tests.image.examples import BLUE, EXACT, GREEN, RED, chunk, png, quarters


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
