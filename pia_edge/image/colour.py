"""Any picture to 8-bit sRGB: depth, palette, colour profile, alpha."""

import io

import numpy as np
from PIL import Image, ImageCms

from pia_edge.errors import PictureError

_BITS_PER_SAMPLE = 258
_SIXTEEN_BIT = ("I;16", "I;16B", "I;16L", "I;16N")


def to_srgb(picture: Image.Image, *, bits: int) -> tuple[Image.Image, tuple[str, ...]]:
    """The picture in mode RGB, and a note for each thing that was changed. `bits` is its depth, if over 8.

    Transparent parts are laid over white, so that the colour hidden under them does not come to light. A
    profile that is damaged or of another kind of colour is ignored and noted.

    Raises:
        PictureError: the samples are floating-point or 32-bit numbers, which have no agreed white.
    """
    notes: list[str] = []
    if picture.mode in ("I", "F"):
        kind = "floating-point numbers" if picture.mode == "F" else "32-bit or signed numbers"
        raise PictureError(
            f"Expected 8 or 16 bits per sample, found {kind}, which do not say what is white. Save the picture "
            f"with 8 or 16 bits."
        )
    image, alpha = _split_alpha(picture, bits, notes)
    image = _apply_profile(image, picture.info.get("icc_profile"), notes)
    if alpha is not None and alpha.getextrema() != (255, 255):
        image = Image.composite(image, Image.new("RGB", image.size, "white"), alpha)
        notes.append("laid the transparent parts over white")
    return image, tuple(notes)


def bits_per_sample(picture: Image.Image) -> int:
    """How many bits a sample has that Pillow stores in 16: 12 or 16."""
    tags = getattr(picture, "tag_v2", {})
    depth = tags.get(_BITS_PER_SAMPLE, (16,))
    return int(depth[0] if isinstance(depth, tuple) else depth)


def _split_alpha(picture: Image.Image, bits: int, notes: list[str]) -> tuple[Image.Image, Image.Image | None]:
    """The picture in a mode that a colour profile can describe (L, RGB, CMYK, LAB), and its alpha as L."""
    mode = picture.mode
    if mode in _SIXTEEN_BIT:
        notes.append(f"converted from {bits} bits per sample")
        return _from_sixteen_bits(picture, bits)
    if not picture.has_transparency_data:
        if mode in ("L", "RGB", "CMYK", "LAB"):
            return picture, None
        return picture.convert("L" if mode == "1" else "RGB"), None
    if mode in ("LA", "La"):
        gray = picture.convert("LA")
        return gray.getchannel("L"), gray.getchannel("A")
    *colours, alpha = picture.convert("RGBA").split()
    return Image.merge("RGB", colours), alpha


def _from_sixteen_bits(picture: Image.Image, bits: int) -> tuple[Image.Image, Image.Image | None]:
    # Pillow's own conversion clips at 255 and so turns nearly everything white.
    samples = np.asarray(picture).astype(np.uint32)
    white = 2**bits - 1
    gray = np.minimum((samples * 255 + white // 2) // white, 255).astype(np.uint8)
    transparent = picture.info.get("transparency")
    if not isinstance(transparent, int):
        return Image.fromarray(gray), None
    return Image.fromarray(gray), Image.fromarray(np.where(samples == transparent, 0, 255).astype(np.uint8))


def _apply_profile(image: Image.Image, profile: bytes | None, notes: list[str]) -> Image.Image:
    if image.mode in ("CMYK", "LAB"):
        notes.append(f"converted from {image.mode}")
    if not profile:
        return image.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        name = ImageCms.getProfileDescription(source).strip()[:60]
        srgb = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, source, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        converted = None
    if converted is None:
        notes.append("ignored a colour profile that is damaged or of another kind of colour")
        return image.convert("RGB")
    if "srgb" not in name.lower():
        notes.append(f"converted from the colour profile {name!a} to sRGB")
    return converted
