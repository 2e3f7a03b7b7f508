"""What of a clipboard or a drop is a picture: a file, the bytes of a PNG, or pixels."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from pia_edge.errors import PictureError

_PNG = "image/png"
_LONGEST_PATH = 4096


def may_be_picture(mime: QMimeData) -> bool:
    """Return whether a drop is worth being taken; what it is will be seen then."""
    return mime.hasUrls() or mime.hasImage() or mime.hasFormat(_PNG) or _path_in(mime.text()) is not None


def offered_picture(mime: QMimeData) -> Path | QImage | bytes:
    """Return the picture in ``mime``.

    A file comes first, since it has its colour profile and says how it is to be turned; pixels have neither.

    Raises:
        PictureError: there is none.
    """
    local = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    # Browsers name files that they have not written, beside the picture itself.
    there = [path for path in local if path.exists()]
    if there:
        return there[0]
    if mime.hasFormat(_PNG) and (content := mime.data(_PNG).data()):
        return bytes(content)
    if mime.hasImage() and isinstance(image := mime.imageData(), QImage) and not image.isNull():
        return image
    path = local[0] if local else _path_in(mime.text())
    if path is not None:
        return path
    if mime.hasUrls():
        raise PictureError(
            "Expected a picture, found its address on the web. Save the picture and open the file, or copy the picture "
            "itself and paste it."
        )
    raise PictureError("Expected a picture, found none. Copy a picture or its file first.")


def _path_in(text: str) -> Path | None:
    """The file that a text names, as terminals and file managers copy it."""
    text = text.strip().strip("'\"")
    if not text or len(text) > _LONGEST_PATH or any(character in text for character in "\n\r\0"):
        return None
    if text.startswith("file:"):
        return Path(QUrl(text).toLocalFile())
    path = Path(text)
    return path if path.is_absolute() else None
