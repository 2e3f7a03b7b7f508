"""The header of a safetensors file, read and checked before any library maps the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from pia_edge.bundle.json_keys import check_unique_keys
from pia_edge.errors import BundleError

# The format allows 100 MB; the full network's header takes 0.2 MB.
_LARGEST_HEADER = 8 * 2**20
_HIGHEST_RANK = 64
_BYTES = {
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2"), 1),
    **dict.fromkeys(("U16", "I16", "F16", "BF16"), 2),
    **dict.fromkeys(("U32", "I32", "F32"), 4),
    **dict.fromkeys(("U64", "I64", "F64"), 8),
}
_Length = Annotated[int, msgspec.Meta(ge=0, lt=2**62)]


class TensorHeader(msgspec.Struct, forbid_unknown_fields=True):
    """What the header says of one tensor; ``data_offsets`` count from the end of the header, in bytes."""

    dtype: str
    shape: list[_Length]
    data_offsets: tuple[_Length, _Length]

    def num_bytes(self) -> int:
        """Return how many bytes dtype and shape ask for.

        Raises:
            ValueError: the dtype is unknown or the rank too high.
        """
        if self.dtype not in _BYTES or len(self.shape) > _HIGHEST_RANK:
            raise ValueError(f"a tensor of dtype {self.dtype[:20]!a} and rank {len(self.shape)}")
        size = _BYTES[self.dtype]
        for length in self.shape:
            size *= length
        return size


@dataclass(frozen=True)
class SafetensorsHeader:
    """The tensors of a file by name, its free text, and the byte at which the numbers begin."""

    tensors: Mapping[str, TensorHeader]
    metadata: Mapping[str, str]
    data_start: int


def read_safetensors_header(path: Path) -> SafetensorsHeader:
    """Return the header of ``path`` after checking that its tensors fill the file without gap or overlap.

    Raises:
        BundleError: they do not, do not fit their dtypes and shapes, or the header is damaged; the message says what
            was found.
        OSError: the file cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = file.read(length) if size >= 8 and length <= min(_LARGEST_HEADER, size - 8) else None
    try:
        if header is None:
            raise ValueError(f"a header of {length} bytes in a file of {size}")
        tensors, metadata = _checked(header, size - 8 - length)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise BundleError(f"{path}: expected safetensors, found {error}. Get the file again.") from error
    return SafetensorsHeader(tensors, metadata, 8 + length)


def _checked(header: bytes, num_bytes: int) -> tuple[dict[str, TensorHeader], dict[str, str]]:
    if not header.startswith(b"{"):
        raise ValueError("a header that is not a JSON object")
    entries = msgspec.json.decode(header, type=dict[str, msgspec.Raw])
    metadata = msgspec.json.decode(entries.pop("__metadata__", b"{}"), type=dict[str, str])
    tensors = {name: msgspec.json.decode(entry, type=TensorHeader) for name, entry in entries.items()}
    check_unique_keys(header)
    end = 0
    for name, tensor in sorted(tensors.items(), key=lambda item: item[1].data_offsets):
        start, stop = tensor.data_offsets
        if start != end or stop - start != tensor.num_bytes() or "\0" in name:
            raise ValueError(f"the tensor {name[:80]!a} of {tensor.num_bytes()} bytes at {start} to {stop}")
        end = stop
    if end != num_bytes:
        raise ValueError(f"{num_bytes} bytes of data for tensors of {end}")
    return tensors, metadata
