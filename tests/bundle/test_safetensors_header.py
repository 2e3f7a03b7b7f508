"""Headers of safetensors files: the library's own files pass, malformed ones are refused."""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pia_edge.bundle import safetensors_header
from pia_edge.bundle.safetensors_header import read_safetensors_header
from pia_edge.errors import BundleError

FLOATS = {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}
BYTES = {"dtype": "U8", "shape": [4], "data_offsets": [24, 28]}


def content(header: bytes | dict[str, Any], num_bytes: int) -> bytes:
    encoded = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(encoded).to_bytes(8, "little") + encoded + bytes(num_bytes)


GOOD = {"floats": FLOATS, "bytes": BYTES}
TWICE = b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'
MALFORMED: dict[str, bytes] = {
    "empty": b"",
    "seven bytes": bytes(7),
    "no header": bytes(8),
    "header larger than the file": (2**40).to_bytes(8, "little") + b"{}",
    "header of 2**64 - 1": b"\xff" * 8 + b"{}",
    "truncated header": content(GOOD, 0)[:-10],
    "truncated data": content(GOOD, 27),
    "trailing bytes": content(GOOD, 29),
    "list": content(b"[]", 0),
    "padded in front": content(b" {}", 0),
    "two values": content(b"{} {}", 0),
    "not UTF-8": content(b'{"__metadata__":{"a":"\xff"}}', 0),
    "not JSON": content(b"{floats}", 0),
    "key twice": content(TWICE, 1),
    "deep": content(b'{"a":' + b"[" * 100_000, 0),
    "overlap": content({"a": FLOATS, "b": {**BYTES, "data_offsets": [20, 24]}}, 24),
    "hole": content({"a": FLOATS, "b": {**BYTES, "data_offsets": [25, 29]}}, 29),
    "begins late": content({"a": {**FLOATS, "data_offsets": [8, 32]}}, 32),
    "negative offset": content({"a": {**FLOATS, "data_offsets": [-24, 0]}}, 0),
    "backwards": content({"a": {**FLOATS, "data_offsets": [24, 0]}}, 24),
    "shape does not fit": content({"a": {**FLOATS, "shape": [2, 4]}}, 24),
    "negative shape": content({"a": {**FLOATS, "shape": [-2, -3]}}, 24),
    "overflowing shape": content({"a": {**FLOATS, "shape": [2**61] * 60}}, 24),
    "rank 65": content({"a": {**BYTES, "shape": [1] * 65, "data_offsets": [0, 1]}}, 1),
    "dtype does not fit": content({"a": {**FLOATS, "dtype": "F64"}}, 24),
    "unknown dtype": content({"a": {**FLOATS, "dtype": "PICKLE"}}, 24),
    "extra key": content({"a": {**FLOATS, "code": "x"}}, 24),
    "missing key": content({"a": {"dtype": "F32", "shape": [2, 3]}}, 24),
    "float in shape": content({"a": {**FLOATS, "shape": [2.0, 3]}}, 24),
    "metadata not text": content({"__metadata__": {"a": 1}}, 0),
    "NUL in a name": content({"a\0b": FLOATS}, 24),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_file_is_refused(name: str, tmp_path: Path) -> None:
    file = tmp_path / "weights.safetensors"
    file.write_bytes(MALFORMED[name])
    with pytest.raises(BundleError, match="expected safetensors"):
        read_safetensors_header(file)


def test_large_header_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safetensors_header, "_LARGEST_HEADER", 20)
    file = tmp_path / "weights.safetensors"
    file.write_bytes(content(GOOD, 28))
    with pytest.raises(BundleError, match="a header of"):
        read_safetensors_header(file)


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int8", "float16", "int16", "float32", "int64", "float64"])
def test_files_of_the_library_pass(dtype: str, tmp_path: Path) -> None:
    numpy = pytest.importorskip("safetensors.numpy")
    file = tmp_path / "weights.safetensors"
    shapes = {"scalar": (), "none": (0, 3), "matrix": (3, 5)}
    numpy.save_file({name: np.zeros(shape, dtype) for name, shape in shapes.items()}, file, metadata={"format": "pt"})
    header = read_safetensors_header(file)
    assert {name: tuple(tensor.shape) for name, tensor in header.tensors.items()} == shapes
    assert header.metadata == {"format": "pt"}


def test_whatever_passes_is_read_by_the_library(tmp_path: Path) -> None:
    numpy = pytest.importorskip("safetensors.numpy")
    source = random.Random(4)
    file = tmp_path / "weights.safetensors"
    whole = content(GOOD, 28)
    passed = 0
    for _ in range(300):
        flipped = bytearray(whole)
        flipped[source.randrange(len(whole))] ^= 1 << source.randrange(8)
        file.write_bytes(flipped)
        try:
            read_safetensors_header(file)
        except BundleError:
            continue
        passed += 1
        assert len(numpy.load_file(file)) == 2
    assert 0 < passed < 200
