"""Large files that are read as memory, and need not stay there."""

import mmap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_OFTEN = 0.05
"""Seconds between two times that pages are given back."""


class MappedFile:
    """A file as bytes in memory, which nothing can write to."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.bytes: NDArray[np.uint8] = np.frombuffer(self._map, np.uint8)

    def give_back(self) -> None:
        """Let the system have the pages that were read; they are read from the file again when needed."""
        if hasattr(self._map, "madvise"):  # not on Windows
            self._map.madvise(mmap.MADV_DONTNEED)

    @contextmanager
    def giving_back(self) -> Iterator[None]:
        """While the block runs, do so again and again: it reads all of the file once, and no part for long."""
        ended = threading.Event()

        def keep_giving_back() -> None:
            while not ended.wait(_OFTEN):
                self.give_back()

        thread = threading.Thread(target=keep_giving_back, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            self.give_back()
