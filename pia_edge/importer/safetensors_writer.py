"""Writing safetensors one tensor at a time: the library's own writer needs all of them in memory."""

import json
import math
from collections.abc import Callable, Iterable
from pathlib import Path

import torch

from pia_edge.importer.pieces import Piece

_NAMES = {torch.float16: "F16", torch.float32: "F32"}


def write_pieces(path: Path, pieces: Iterable[Piece], dtype: torch.dtype, after_each: Callable[[int], None]) -> None:
    """Write ``pieces`` sorted by name, so that equal weights give equal bytes.

    Args:
        path: the new file.
        pieces: what it holds.
        dtype: of all of them, float16 or float32.
        after_each: called with the bytes of each tensor once it is written; may raise to stop.

    Raises:
        ModelError: a source cannot be read or holds what it should not.
        OSError: the file cannot be written.
    """
    ordered = sorted(pieces, key=lambda piece: piece.name)
    with path.open("xb") as file:
        file.write(_header(ordered, dtype))
        for piece in ordered:
            content = piece.compute(dtype).numpy().data.cast("B") if 0 not in piece.shape else b""
            file.write(content)
            after_each(len(content))


def num_bytes(piece: Piece, dtype: torch.dtype) -> int:
    """Return the size of ``piece`` in the file."""
    return math.prod(piece.shape) * dtype.itemsize


def _header(pieces: list[Piece], dtype: torch.dtype) -> bytes:
    entries: dict[str, object] = {}
    end = 0
    for piece in pieces:
        start, end = end, end + num_bytes(piece, dtype)
        entries[piece.name] = {"dtype": _NAMES[dtype], "shape": piece.shape, "data_offsets": [start, end]}
    text = json.dumps(entries, separators=(",", ":")).encode()
    # The format wants the numbers to begin at a multiple of eight bytes.
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text
