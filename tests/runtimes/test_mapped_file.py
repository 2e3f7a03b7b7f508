"""Pages of a mapped file may be given back at any time, and nothing can write there."""

from pathlib import Path

import numpy as np
import pytest

from pia_edge.runtimes.mapped_file import MappedFile


def test_it_reads_the_same_after_pages_were_given_back(tmp_path: Path) -> None:
    written = np.random.default_rng(0).integers(0, 256, 10**6, np.uint8)
    (tmp_path / "file").write_bytes(written.tobytes())
    mapped = MappedFile(tmp_path / "file")
    with mapped.giving_back():
        for _ in range(50):
            np.testing.assert_array_equal(mapped.bytes, written)
    mapped.give_back()
    np.testing.assert_array_equal(mapped.bytes, written)


def test_nothing_can_write_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"abc")
    with pytest.raises(ValueError, match="read-only"):
        MappedFile(tmp_path / "file").bytes[0] = 0
