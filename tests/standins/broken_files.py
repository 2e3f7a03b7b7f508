"""Files that are no models at all, or damaged ones: what a failed download or a wrong click leaves behind."""

import struct
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch

from tests.standins.lazy import Lazy, Shapes, seeded
from tests.standins.writing import write_pickle, write_safetensors

SHAPES: Shapes = {"weight": (32, 4, 3, 3), "bias": (32,)}
HTML = """<!DOCTYPE html>
<html><head><title>Sign in</title></head><body><h1>You must be signed in to download this model</h1></body></html>
"""
LFS = """version https://git-lfs.github.com/spec/v1
oid sha256:95dfff94404b1395dfff94404b1395dfff94404b1395dfff94404b1395dfff94
size 1673373725
"""


def write_gguf(path: Path) -> Path:
    """Write the header of GGUF version 3: no tensors, one string."""
    key, value = b"general.architecture", b"llama"
    entry = struct.pack("<Q", len(key)) + key + struct.pack("<IQ", 8, len(value)) + value
    return _bytes(path, b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + entry)


def write_html(path: Path) -> Path:
    """Write the page that a site sends instead of a model."""
    return _bytes(path, HTML.encode())


def write_lfs_pointer(path: Path) -> Path:
    """Write what ``git clone`` leaves without git-lfs."""
    return _bytes(path, LFS.encode())


def write_empty(path: Path) -> Path:
    return _bytes(path, b"")


def write_text(path: Path) -> Path:
    """Write what Hugging Face answers for a file that does not exist."""
    return _bytes(path, b"Entry not found")


def write_truncated(path: Path, keep: float = 0.6) -> Path:
    """Write a model by suffix and cut it, as a download that ended early."""
    content = _model(path).read_bytes()
    return _bytes(path, content[: int(len(content) * keep)])


def write_truncated_header(path: Path) -> Path:
    """Write a ``.safetensors`` that ends within its header."""
    return _bytes(path, _model(path).read_bytes()[:20])


def write_overlong_header(path: Path) -> Path:
    """Write a ``.safetensors`` whose header claims 2^60 bytes."""
    return _bytes(path, (1 << 60).to_bytes(8, "little") + b'{"conv_in.weight":')


def write_flipped(path: Path) -> Path:
    """Write a model by suffix in which one byte of the header or pickle differs."""
    content = bytearray(_model(path).read_bytes())
    position = content.index(b"conv_in.weight")
    content[position - 2] ^= 0x55
    return _bytes(path, bytes(content))


def write_not_finite(path: Path) -> Path:
    """Write a model by suffix whose weights are NaN, as a failed merge leaves them."""
    return _model(path, finite=False)


BROKEN: dict[str, Callable[[Path], Path]] = {
    "gguf": write_gguf,
    "html": write_html,
    "lfs-pointer": write_lfs_pointer,
    "empty": write_empty,
    "text": write_text,
    "truncated": write_truncated,
    "truncated-header": write_truncated_header,
    "overlong-header": write_overlong_header,
    "flipped": write_flipped,
}
"""Every file that no reader can read."""


def _model(path: Path, *, finite: bool = True) -> Path:
    state = {
        f"conv_in.{name}": seeded(0, name, shape) if finite else Lazy(shape, partial(torch.full, shape, torch.nan))
        for name, shape in SHAPES.items()
    }
    return write_safetensors(path, state) if path.suffix == ".safetensors" else write_pickle(path, state)


def _bytes(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
