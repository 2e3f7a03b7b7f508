"""Write a state tensor by tensor as .safetensors or as PyTorch's pickle; one tensor is in memory at a time.

At full size a pickle peaks at 1.5 GB nevertheless, because glibc keeps what was freed between small blocks;
``MALLOC_MMAP_THRESHOLD_=1000000`` in the environment makes it 0.6 GB.
"""

import io
import json
import pickle
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch._utils import _rebuild_tensor_v2
from torch.serialization import _open_zipfile_writer

from tests.standins.lazy import Lazy

PICKLE_SUFFIXES = (".ckpt", ".pt", ".pth", ".bin")
SAFETENSORS_TYPES = {
    torch.float64: "F64",
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.uint8: "U8",
}
STORAGE_TYPES = {
    torch.float64: torch.DoubleStorage,
    torch.float32: torch.FloatStorage,
    torch.float16: torch.HalfStorage,
    torch.bfloat16: torch.BFloat16Storage,
    torch.int64: torch.LongStorage,
    torch.int32: torch.IntStorage,
    torch.uint8: torch.ByteStorage,
}


def write(path: Path, state: Mapping[str, Lazy], *, wrapper: Mapping[str, Any] | None = None) -> Path:
    """Write by the suffix of ``path``.

    Args:
        wrapper: for a pickle, what lies beside ``state_dict``; ``None`` for a flat pickle.
    """
    if path.suffix in PICKLE_SUFFIXES:
        state = OrderedDict(state)
        return write_pickle(path, state if wrapper is None else {"state_dict": state, **wrapper})
    return write_safetensors(path, state)


def write_safetensors(path: Path, state: Mapping[str, Lazy], metadata: Mapping[str, str] | None = None) -> Path:
    """Write the safetensors format: length, JSON header, then the bytes without gaps."""
    # The widest type first, as safetensors' own writer does: every tensor then lies aligned.
    ordered = sorted(state.items(), key=lambda item: (-item[1].dtype.itemsize, item[0]))
    header: dict[str, Any] = {"__metadata__": dict(metadata or {"format": "pt"})}
    end = 0
    for name, lazy in ordered:
        start, end = end, end + _bytes(lazy)
        header[name] = {
            "dtype": SAFETENSORS_TYPES[lazy.dtype],
            "shape": list(lazy.shape),
            "data_offsets": [start, end],
        }
    encoded = json.dumps(header, separators=(",", ":")).encode()
    encoded += b" " * (-len(encoded) % 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(len(encoded).to_bytes(8, "little"))
        file.write(encoded)
        for _, lazy in ordered:
            file.write(_raw(lazy.tensor()).data)
    return path


def write_pickle(path: Path, contents: object, location: str = "cpu") -> Path:
    """Write what ``torch.save`` writes; ``contents`` may hold :class:`Lazy` anywhere.

    Args:
        location: where the tensors lay when they were saved, such as ``cuda:0``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    pickler = _Pickler(buffer, location)
    pickler.dump(contents)
    with _open_zipfile_writer(str(path)) as archive:
        archive.write_record("data.pkl", buffer.getvalue(), len(buffer.getvalue()))
        archive.write_record("byteorder", b"little", len(b"little"))
        for storage in pickler.storages:
            # No variable holds the tensor, so that it is freed before the next one is made.
            record = f"data/{storage.key}"
            archive.write_record(record, storage.lazy.tensor().untyped_storage(), _bytes(storage.lazy))
    return path


class _Storage:
    """Stands for a storage in the pickle; its bytes follow in the zip."""

    def __init__(self, key: str, lazy: Lazy) -> None:
        self.key = key
        self.lazy = lazy


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, location: str) -> None:
        super().__init__(file, protocol=2)
        self.location = location
        self.storages: list[_Storage] = []

    def persistent_id(self, obj: Any) -> Any:
        if not isinstance(obj, _Storage):
            return None
        return ("storage", STORAGE_TYPES[obj.lazy.dtype], obj.key, self.location, int(np.prod(obj.lazy.shape)))

    def reducer_override(self, obj: Any) -> Any:
        if not isinstance(obj, Lazy):
            return NotImplemented
        storage = _Storage(str(len(self.storages)), obj)
        self.storages.append(storage)
        strides = torch.empty(obj.shape, device="meta").stride()
        return _rebuild_tensor_v2, (storage, 0, obj.shape, strides, False, OrderedDict())


def _bytes(lazy: Lazy) -> int:
    return int(np.prod(lazy.shape)) * lazy.dtype.itemsize


def _raw(tensor: Tensor) -> Any:
    return tensor.reshape(-1).view(torch.uint8).numpy()
