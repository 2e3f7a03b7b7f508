"""What a file is that is not a picture of ours, told by its first bytes, so that the user knows what to convert."""

_BEGINNINGS = (
    (b"%PDF", "a PDF"),
    (b"8BPS", "a Photoshop file"),
    (b"gimp xcf", "a GIMP file"),
    (b"\xff\x0a", "a JPEG XL"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL"),
    (b"\0\0\x01\0", "an icon"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1aE\xdf\xa3", "a video"),
)
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")


def name_of_foreign_format(head: bytes) -> str | None:
    """A name with its article ("a PDF") for a file that begins with `head` (512 bytes are enough), or None."""
    if head[4:8] == b"ftyp":
        if head[8:12] in (b"avif", b"avis"):
            return None
        return "a HEIC" if head[8:12] in _HEIC_BRANDS else "a video"
    for beginning, name in _BEGINNINGS:
        if head.startswith(beginning):
            return name
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not text.startswith(b"<"):
        return None
    if b"<svg" in text:
        return "an SVG drawing"
    return "a web page" if b"<html" in text or b"<!doctype html" in text else "an XML file"
