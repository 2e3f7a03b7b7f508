"""A file of tensors that is read one tensor at a time, whichever container it is written in.

Nothing is mapped into memory: a mapped file of several GB counts as memory of the process once it was read, and would
hide how little an import needs.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from pia_edge.bundle.safetensors_header import read_safetensors_header
from pia_edge.errors import BundleError, ModelError, PickleError
from pia_edge.importer.stored_tensor import StoredTensor
from pia_edge.importer.torch_pickle import read_torch_pickle

_DTYPES = {
    "BOOL": torch.bool,
    "U8": torch.uint8,
    "I8": torch.int8,
    "I16": torch.int16,
    "I32": torch.int32,
    "I64": torch.int64,
    "U16": torch.uint16,
    "U32": torch.uint32,
    "U64": torch.uint64,
    "F8_E4M3": torch.float8_e4m3fn,
    "F8_E5M2": torch.float8_e5m2,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "F32": torch.float32,
    "F64": torch.float64,
}
# What files are that people save under a model's name by mistake: (where, bytes, what it is).
_FOREIGN = (
    (0, b"version https://git-lfs", "a pointer of Git LFS, not the model itself. Fetch it with: git lfs pull"),
    (0, b"GGUF", "a GGUF file of llama.cpp or stable-diffusion.cpp. Get the model as .safetensors"),
    (0, b"<", "a web page. Download the file itself, not the page about it"),
    (0, b"\x89PNG", "a PNG picture. Choose the model's file"),
    (0, b"\xff\xd8\xff", "a JPEG picture. Choose the model's file"),
    (0, b"\x89HDF", "an HDF5 file. Get the model as .safetensors"),
    (0, b"7z\xbc\xaf", "a 7z archive. Unpack it first"),
    (0, b"Rar!", "a RAR archive. Unpack it first"),
    (0, b"\x1f\x8b", "a gzip archive. Unpack it first"),
    (257, b"ustar", "a checkpoint of PyTorch before 1.6 (tar). Get the model as .safetensors"),
    (0, b"\x80", "a checkpoint of PyTorch before 1.6, or another pickle. Get the model as .safetensors"),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class TensorFile:
    """The tensors of one file by name; their numbers stay on disk until they are read."""

    path: Path
    tensors: Mapping[str, StoredTensor]
    pickled: bool
    values: Mapping[str, str | int | float] = field(default_factory=dict)
    """What the file says in words: safetensors' metadata, or the plain values of a pickle."""

    def read(self, name: str) -> Tensor:
        """Return the tensor ``name`` as it is stored, in memory of its own.

        Raises:
            ModelError: the file has become shorter, or cannot be read.
        """
        stored = self.tensors[name]
        with explained(self.path), self.path.open("rb") as file:
            file.seek(stored.start)
            content = bytearray(stored.num_bytes)
            if file.readinto(content) != len(content):
                raise ModelError(f"{self.path}: expected the tensor {name!a}, found the end of the file. Get it again.")
        if not content:
            return torch.empty(stored.shape, dtype=stored.dtype)
        return torch.frombuffer(content, dtype=stored.dtype).as_strided(stored.shape, stored.stride)


def open_tensor_file(path: Path, *, allow_pickle: bool) -> TensorFile:
    """Return the tensors of ``path``, whose container is recognised by its content and not by its name.

    Raises:
        ModelError: the file is missing, damaged or no file of tensors.
        PickleError: it is a pickle, and ``allow_pickle`` is false.
    """
    with explained(path):
        if path.is_dir():
            raise ModelError(f"{path}: expected a file, found a folder. Choose a file in it.")
        if path.exists() and not path.is_file():
            raise ModelError(f"{path}: expected a file, found a device or pipe. Save the model to a file first.")
        with path.open("rb") as file:
            beginning = file.read(512)
        if not beginning:
            raise ModelError(f"{path}: expected a model, found an empty file. Get it again.")
        if beginning.startswith(b"PK\x03\x04"):
            _check_pickle_allowed(path, allow_pickle)
            tensors, values = read_torch_pickle(path)
            return TensorFile(path=path, tensors=tensors, pickled=True, values=values)
        # Safetensors begin with the length of their header, which may look like any other format's first bytes.
        stated = int.from_bytes(beginning[:8], "little")
        safetensors = beginning[8:9] == b"{" and stated < path.stat().st_size
        for position, magic, what in _FOREIGN:
            if not safetensors and beginning.startswith(magic, position):
                raise ModelError(f"{path}: expected a model as .safetensors, found {what}.")
        return _open_safetensors(path)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses about ``path`` into a ModelError."""
    try:
        yield
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ModelError(f"{path}: expected a readable model, found: {reason}. Correct the path.") from error


def _check_pickle_allowed(path: Path, allow_pickle: bool) -> None:
    if not allow_pickle:
        raise PickleError(
            f"{path}: found a pickle, a format that can hide programs. Get the model as .safetensors. If there is "
            "none and you trust where this file came from, add --allow-pickle: its numbers are then read without "
            "running anything in it."
        )


def _open_safetensors(path: Path) -> TensorFile:
    try:
        header = read_safetensors_header(path)
    except BundleError as error:
        raise ModelError(str(error)) from error
    tensors = {
        name: StoredTensor.contiguous(
            _DTYPES[tensor.dtype], tuple(tensor.shape), header.data_start + tensor.data_offsets[0]
        )
        for name, tensor in header.tensors.items()
    }
    return TensorFile(path=path, tensors=tensors, pickled=False, values=header.metadata)
