"""Frames to be played, as images, one at a time: a long clip never lies in memory as a whole."""

import os
import weakref
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from PySide6.QtGui import QImage

from pia_edge.worker.clip_questions import ClipOpened


class Frames(Protocol):
    """What the player plays."""

    @property
    def milliseconds(self) -> tuple[float, ...]:
        """How long each frame is shown."""
        ...

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        ...

    def image(self, index: int) -> QImage:
        """Return the frame, or a null image if it cannot be read."""
        ...


class ClipFrames:
    """The frames of an opened clip, read from the raw file that a worker wrote."""

    def __init__(self, raw: Path, opened: ClipOpened) -> None:
        self._opened = opened
        self._file = raw.open("rb")
        if os.name == "posix":
            # An open file needs no name; without one, nothing stays of it however this process ends.
            raw.unlink()
        # Also where nobody closes it, and at the end of the program.
        self._let_go = weakref.finalize(self, _close, self._file, raw)

    @property
    def milliseconds(self) -> tuple[float, ...]:
        """How long each frame is shown."""
        return self._opened.milliseconds

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._opened.width, self._opened.height

    def image(self, index: int) -> QImage:
        """Return the frame, or a null image if it cannot be read."""
        return self._stored(self._opened.order[index])

    def still(self) -> QImage | None:
        """Return the picture that the clip was made from, at the size of the clip, or None where there is none."""
        return None if self._opened.picture is None else self._stored(max(self._opened.order) + 1)

    def close(self) -> None:
        """Let go of the file, which is deleted."""
        self._let_go()

    def _stored(self, index: int) -> QImage:
        width, height = self.size
        length = 3 * width * height
        self._file.seek(index * length)
        pixels = self._file.read(length)
        return image_of(pixels, width, height) if len(pixels) == length else QImage()


class PreviewFrames:
    """What the network sees while a clip is being made: few frames, and small."""

    def __init__(self, frames: Any, fps: float) -> None:
        """Take them.

        Args:
            frames: uint8 (frames, height, width, 3).
            fps: frames per second.
        """
        count, height, width, _ = frames.shape
        self.size: tuple[int, int] = (width, height)
        self.milliseconds: tuple[float, ...] = (1000 / fps,) * count
        self._pixels = frames.tobytes()

    def image(self, index: int) -> QImage:
        """Return the frame."""
        width, height = self.size
        length = 3 * width * height
        return image_of(self._pixels[index * length : (index + 1) * length], width, height)


def image_of(pixels: bytes, width: int, height: int) -> QImage:
    """Return uint8 RGB as an image of its own."""
    # An image over somebody's bytes is valid for as long as they are; a copy always is.
    return QImage(pixels, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def _close(file: BinaryIO, raw: Path) -> None:
    file.close()
    raw.unlink(missing_ok=True)
