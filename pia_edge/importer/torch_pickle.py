"""PyTorch checkpoints (pickles in a zip) without unpickling objects and without loading their numbers.

``torch.load(weights_only=True)`` builds tensors and plain containers only and refuses every other name; under
``FakeTensorMode`` it reads the structure alone, and tells for each storage at which byte of the file it begins.
"""

import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path

import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from pia_edge.errors import ModelError
from pia_edge.importer.stored_tensor import StoredTensor

# The structure of the largest Stable Diffusion checkpoint takes 0.3 MB.
_LARGEST_STRUCTURE = 64 * 2**20
_DEEPEST = 8

Values = dict[str, str | int | float]


def read_torch_pickle(path: Path) -> tuple[dict[str, StoredTensor], Values]:
    """Return all tensors and plain values of a checkpoint; names of nested dictionaries are joined by dots.

    A wrapper ``{"state_dict": …}`` is taken away.

    Raises:
        ModelError: the file is damaged, compressed, or asks for anything but tensors.
    """
    _check_archive(path)
    try:
        with FakeTensorMode():
            content = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        found = str(error).partition("GLOBAL ")[2].split(" ")[0]
        raise ModelError(
            f"{path}: expected tensors, found a pickle that asks for {found or 'something else'}; nothing of it was "
            "run. Do not trust this file; get the model as .safetensors."
        ) from error
    except Exception as error:  # damaged pickles fail in any of Python's ways
        raise ModelError(f"{path}: expected a PyTorch checkpoint, found damage: {error}. Get it again.") from error
    tensors: dict[str, StoredTensor] = {}
    values: Values = {}
    _collect(content, "", tensors, values)
    if not tensors:
        raise ModelError(f"{path}: expected tensors, found a pickle without any. Get the model as .safetensors.")
    size = path.stat().st_size
    for name, tensor in tensors.items():
        if tensor.start < 0 or tensor.start + tensor.num_bytes > size:
            raise ModelError(f"{path}: the tensor {name[:80]!a} reaches beyond the file. Get it again.")
    return tensors, values


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            structure = [entry for entry in entries if entry.filename.endswith("data.pkl")]
            order = [entry for entry in entries if entry.filename.endswith("byteorder")]
            little = all(archive.read(entry) == b"little" for entry in order if entry.file_size < 16)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ModelError(
            f"{path}: expected a PyTorch checkpoint, found a damaged archive: {error}. Get it again."
        ) from error
    if len(structure) != 1:
        raise ModelError(f"{path}: expected a PyTorch checkpoint, found another zip archive. Unpack it first.")
    packed = any(entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1 for entry in entries)
    if packed or not little or structure[0].file_size > _LARGEST_STRUCTURE:
        raise ModelError(
            f"{path}: expected a PyTorch checkpoint of stored little-endian tensors, found a compressed, encrypted or "
            "foreign one. Get the model as .safetensors."
        )


def _collect(content: object, prefix: str, tensors: dict[str, StoredTensor], values: Values, depth: int = 0) -> None:
    if not isinstance(content, Mapping) or depth > _DEEPEST:
        return
    for key, value in content.items():
        name = f"{prefix}{key}"
        if isinstance(value, torch.Tensor):
            tensors[name] = _stored(value)
        elif isinstance(value, str | int | float):
            values[name] = value
        else:
            wrapper = depth == 0 and key == "state_dict"
            _collect(value, "" if wrapper else f"{name}.", tensors, values, depth + 1)


def _stored(tensor: torch.Tensor) -> StoredTensor:
    # Absent for a tensor without numbers, which torch does not store.
    begin: int = getattr(tensor.untyped_storage(), "_checkpoint_offset", None) or 0
    start = begin + int(tensor.storage_offset()) * tensor.dtype.itemsize
    return StoredTensor(tensor.dtype, tuple(tensor.shape), tuple(tensor.stride()), start)
