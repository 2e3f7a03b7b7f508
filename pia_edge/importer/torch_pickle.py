"""PyTorch checkpoints (pickles in a zip) without unpickling objects and without loading their numbers.

``torch.load(weights_only=True)`` builds tensors and plain containers only and refuses every other name; under
``FakeTensorMode`` it reads the structure alone, and tells for each storage at which byte of the file it begins.
"""

import logging
import pickle
import zipfile
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from pia_edge.errors import ModelError
from pia_edge.importer.stored_tensor import StoredTensor

# The structure of the largest Stable Diffusion checkpoint takes 0.3 MB.
_LARGEST_STRUCTURE = 64 * 2**20
_DEEPEST = 8
# The largest has some thousand; a small pickle can name any number of them by naming one dictionary many times.
_MOST_ENTRIES = 2**20

Records = list[tuple[int, int]]
"""(byte at which the record's header begins, bytes of its content), in the order of the file."""
Values = dict[str, str | int | float]


def read_torch_pickle(path: Path) -> tuple[dict[str, StoredTensor], Values]:
    """Return all tensors and plain values of a checkpoint; names of nested dictionaries are joined by dots.

    A wrapper ``{"state_dict": …}`` is taken away.

    Raises:
        ModelError: the file is damaged, compressed, or asks for anything but tensors.
    """
    records = _checked_records(path)
    try:
        # From a path that ends in .safetensors torch would read that format, whatever the file holds.
        with path.open("rb") as file, _quiet(), FakeTensorMode():
            content = torch.load(file, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        asked = str(error).partition("GLOBAL ")[2].split(" ")[0]
        raise ModelError(
            f"{path}: expected tensors, found a pickle that asks for {asked or 'something else'}; nothing of it was "
            "run. Do not trust this file; get the model as .safetensors."
        ) from error
    except Exception as error:  # damaged pickles fail in any of Python's ways
        reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise ModelError(f"{path}: expected a PyTorch checkpoint, found damage: {reason}. Get it again.") from error
    found: dict[str, torch.Tensor] = {}
    values: Values = {}
    try:
        _collect(content, "", found, values, iter(range(_MOST_ENTRIES)))
    except ValueError as error:
        raise ModelError(f"{path}: expected a PyTorch checkpoint, found {error}. Get it again.") from error
    if not found:
        raise ModelError(f"{path}: expected tensors, found a pickle without any. Get the model as .safetensors.")
    return {name: _stored(path, name, tensor, records) for name, tensor in found.items()}, values


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep torch from logging what it refuses, which is raised as well."""
    log = logging.getLogger("torch._subclasses.fake_tensor")
    before, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = before


def _checked_records(path: Path) -> Records:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            structure = [entry for entry in entries if entry.filename.endswith("data.pkl")]
            order = [entry for entry in entries if entry.filename.endswith("byteorder")]
            plain = all(entry.compress_type == zipfile.ZIP_STORED and not entry.flag_bits & 1 for entry in entries)
            # Unpacking what is compressed could fail in any of the ways of its method.
            little = plain and all(archive.read(entry) == b"little" for entry in order if entry.file_size < 16)
    except Exception as error:  # damaged archives do likewise
        raise ModelError(
            f"{path}: expected a PyTorch checkpoint, found a damaged archive: {error}. Get it again."
        ) from error
    if len(structure) != 1:
        raise ModelError(f"{path}: expected a PyTorch checkpoint, found another zip archive. Unpack it first.")
    if not little or structure[0].file_size > _LARGEST_STRUCTURE:
        raise ModelError(
            f"{path}: expected a PyTorch checkpoint of stored little-endian tensors, found a compressed, encrypted or "
            "foreign one. Get the model as .safetensors."
        )
    return sorted((entry.header_offset, entry.file_size) for entry in entries)


def _collect(
    content: object, prefix: str, tensors: dict[str, torch.Tensor], values: Values, left: Iterator[int], depth: int = 0
) -> None:
    """Gather what ``content`` holds.

    Raises:
        ValueError: it holds more than ``left``, or two tensors of one name; the text says what was found.
    """
    if not isinstance(content, Mapping) or depth > _DEEPEST:
        return
    for key, value in content.items():
        if next(left, None) is None:
            raise ValueError(f"more than {_MOST_ENTRIES} entries")
        name = f"{prefix}{key}"
        if isinstance(value, torch.Tensor):
            if name in tensors:
                raise ValueError(f"two tensors {name[:80]!a}")
            tensors[name] = value
        elif isinstance(value, str | int | float):
            values[name] = value
        else:
            wrapper = depth == 0 and key == "state_dict"
            _collect(value, "" if wrapper else f"{name}.", tensors, values, left, depth + 1)


def _stored(path: Path, name: str, tensor: torch.Tensor, records: Records) -> StoredTensor:
    """Where the numbers of ``tensor`` lie in the file.

    Raises:
        ModelError: they do not lie there as they are, or not all of them.
    """
    plain = tensor.layout is torch.strided and not tensor.is_neg() and not tensor.is_conj()
    # Absent for what torch does not store: tensors without numbers, and those of the device meta.
    begin: int | None = getattr(tensor.untyped_storage(), "_checkpoint_offset", None) if plain else None
    if not plain or (begin is None and tensor.numel()):
        raise ModelError(
            f"{path}: expected plain numbers in {name[:80]!a}, found a tensor of another kind, such as a sparse one. "
            "Get the model as .safetensors."
        )
    begin = begin or 0
    offset = int(tensor.storage_offset()) * tensor.dtype.itemsize
    stored = StoredTensor(tensor.dtype, tuple(tensor.shape), tuple(tensor.stride()), begin + offset)
    room = records[bisect_left(records, (begin, 0)) - 1][1]
    size = path.stat().st_size
    # One number may stand for a whole tensor, whose copy in memory would then be larger than any file.
    spread = tensor.numel() * tensor.dtype.itemsize > size
    if stored.num_bytes and (spread or offset + stored.num_bytes > min(room, size - begin)):
        raise ModelError(f"{path}: the tensor {name[:80]!a} reaches beyond its record in the file. Get it again.")
    return stored
