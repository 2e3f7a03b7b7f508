"""What is said of a picture that was taken."""

import re
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from pia_edge.worker.picture_questions import PictureViewed

_SIZE = re.compile(r"(\d+)x(\d+)")
_TIMES = "\u00a0×\u00a0"
"""No line breaks within a size."""
_KEPT = re.compile(r"[0-9a-f]{32}\.png")
"""The name of a picture that was pasted (``kept_pictures.py``)."""
_LONGEST_NAME = 40


def described(path: Path, view: PictureViewed) -> str:
    """Return what the picture is, in a few words: its name and size."""
    name = path.name.encode(errors="backslashreplace").decode()
    if _KEPT.fullmatch(name):
        name = QCoreApplication.translate("PictureNotes", "A pasted picture")
    if len(name) > _LONGEST_NAME:
        name = f"{name[: _LONGEST_NAME // 2]}…{name[-_LONGEST_NAME // 2 :]}"
    size = _TIMES.join(str(side) for side in view.source_size)
    return QCoreApplication.translate("PictureNotes", "{0}, {1} pixels").format(name, size)


def changes(view: PictureViewed) -> str:
    """Return what was changed to get from the picture to what is animated, as a sentence."""
    if not view.notes:
        return QCoreApplication.translate("PictureNotes", "Animated as it is.")
    text = _SIZE.sub(f"\\1{_TIMES}\\2", "; ".join(view.notes))
    return f"{text[0].upper()}{text[1:]}."
