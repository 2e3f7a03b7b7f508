"""ZIP files, read without trust: entry follows entry, then the directory, then its end, and nothing else.

A ZIP file says everything twice, and readers differ in what they believe: the header before an entry or the directory,
the first end or the last, sizes in front of the data or behind. Here both must say the same, and every byte has one
meaning. Names of fields are those of PKWARE's APPNOTE 6.3, shortened.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR = struct.Struct("<4sIQI")
# Values that say: see the extra field, or the larger record.
_SHORT, _LONG = 0xFFFF, 0xFFFFFFFF
_STORED, _DEFLATED = 0, 8
_ZIP64 = 1
_NEWEST_VERSION = 45
# How hard the data was deflated, and that the name is in UTF-8; not encryption, patches or sizes behind the data.
_HARMLESS_FLAGS = 0x806
_PLAIN_FILE = 8
_FOLDER_OR_DEVICE = 0x10 | 0x08 | 0x40
_MOST_ENTRIES = 20_000
_LONGEST_NAME = 200
_PIECE = 2**20


class ZipError(ValueError):
    """The bytes are not a ZIP file of the one form that is read here."""


@dataclass(frozen=True)
class Entry:
    """One file in the archive; ``start`` is where its data begins, all counts are in bytes."""

    name: str
    deflated: bool
    crc: int
    packed: int
    size: int
    start: int


def read_entries(file: BinaryIO) -> list[Entry]:
    """Return all entries in their order, after checking that they and the directory fill ``file`` without a gap.

    Names are in ASCII and of 1 to 200 characters, and otherwise unchecked.

    Raises:
        ZipError: they do not, there are more than 20,000 of them, directory and headers differ, an entry is no plain
            file, or is stored in another way than as it is or deflated.
        OSError: the file cannot be read.
    """
    count, start, size, end = _directory(file)
    if count > _MOST_ENTRIES or size > count * (_CENTRAL.size + _LONGEST_NAME + 32):
        raise ZipError(f"a directory of {count} entries in {size} bytes, more than a bundle needs")
    if start + size != end:
        raise ZipError(f"a directory that ends at {start + size} instead of {end}")
    directory = _read(file, start, size)
    entries = []
    position = header = 0
    for _ in range(count):
        described, flags, at, position = _described(directory, position)
        if at != header:
            raise ZipError(f"{described.name!a} at {at} instead of {header}: something else lies between or overlaps")
        entry = _with_header(file, described, flags, at)
        entries.append(entry)
        header = entry.start + entry.packed
    if (position, header) != (size, start):
        raise ZipError(f"entries that end at {header} and {position} instead of {start} and {size}")
    return entries


def read_entry(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """Yield what is in ``entry`` in pieces of at most 1 MB; never more than its size.

    Raises:
        ZipError: the data is damaged, of another size, or has another CRC than the directory says.
        OSError: the file cannot be read.
    """
    size = crc = 0
    for piece in _inflated(file, entry) if entry.deflated else _stored(file, entry):
        size += len(piece)
        if size > entry.size:
            raise ZipError(f"more than {entry.size} bytes in {entry.name!a}")
        crc = zlib.crc32(piece, crc)
        yield piece
    if (size, crc) != (entry.size, entry.crc):
        raise ZipError(f"damaged data in {entry.name!a}")


def _stored(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    for position in range(entry.start, entry.start + entry.packed, _PIECE):
        yield _read(file, position, min(_PIECE, entry.start + entry.packed - position))


def _inflated(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for packed in _stored(file, entry):
            left = packed
            while left and not inflate.eof:
                yield inflate.decompress(left, _PIECE)
                left = inflate.unconsumed_tail
            if left or inflate.unused_data:
                raise ZipError(f"bytes behind the data of {entry.name!a}")
        while not inflate.eof and (piece := inflate.decompress(b"", _PIECE)):
            yield piece
    except zlib.error as error:
        raise ZipError(f"damaged data in {entry.name!a}") from error
    if not inflate.eof:
        raise ZipError(f"data of {entry.name!a} that is cut off")


def _directory(file: BinaryIO) -> tuple[int, int, int, int]:
    """Number of entries, start and size of the directory, and where the first record of its end begins."""
    end = file.seek(0, 2) - _END.size
    mark, *small, comment = _END.unpack(_read(file, end, _END.size))
    if mark != b"PK\x05\x06" or comment:
        raise ZipError("no end of a ZIP file, or something behind it")
    if end >= _LOCATOR.size:
        at = end - _LOCATOR.size
        mark, disk, start64, disks = _LOCATOR.unpack(_read(file, at, _LOCATOR.size))
        if mark == b"PK\x06\x07":
            end = at - _END64.size
            if (disk, disks, start64) != (0, 1, end):
                raise ZipError("an end of large files that lies elsewhere")
            small = _large_directory(_read(file, end, _END64.size), small)
    disk, first_disk, here, count, size, start = small
    if (disk, first_disk, here) != (0, 0, count):
        raise ZipError("one part of an archive of several")
    return count, start, size, end


def _large_directory(record: bytes, small: list[int]) -> list[int]:
    """What the record for large files says, which must agree with the ``small`` one where that can hold it."""
    mark, length, _, version, *large = _END64.unpack(record)
    if mark != b"PK\x06\x06" or length != _END64.size - 12 or version > _NEWEST_VERSION:
        raise ZipError("an end of large files in an unknown form")
    limits = (*[_SHORT] * 4, *[_LONG] * 2)
    if any(one not in (limit, other) for limit, one, other in zip(limits, small, large, strict=True)):
        raise ZipError("two ends that differ")
    return large


def _described(directory: bytes, position: int) -> tuple[Entry, int, int, int]:
    """The entry described at ``position``, its flags, where its header is, and where its description ends."""
    if position + _CENTRAL.size > len(directory):
        raise ZipError("a directory of fewer entries than it says")
    fields = _CENTRAL.unpack_from(directory, position)
    mark, _, version, flags, method, _, _, crc, packed, size, name_length, extra_length, comment = fields[:13]
    disk, _, attributes, at = fields[13:]
    middle = position + _CENTRAL.size + name_length
    end = middle + extra_length
    name = _name(directory[position + _CENTRAL.size : middle])
    if mark != b"PK\x01\x02" or comment or disk or version > _NEWEST_VERSION or end > len(directory):
        raise ZipError(f"{name!a} described in an unknown form")
    size, packed, at = _large(name, directory[middle:end], size, packed, at)
    if flags & ~_HARMLESS_FLAGS:
        raise ZipError(f"{name!a} encrypted, or with its size behind its data (flags {flags:#x})")
    if method not in (_STORED, _DEFLATED) or (method == _STORED and packed != size):
        raise ZipError(f"{name!a} of {size} bytes in {packed} by method {method}, neither as it is nor deflated")
    # Unix keeps the kind of a file in the uppermost bits, where 0 means that it is not known.
    if attributes >> 28 not in (0, _PLAIN_FILE) or attributes & _FOLDER_OR_DEVICE:
        raise ZipError(f"{name!a}, which is a folder, a link or a device (attributes {attributes:#x})")
    return Entry(name, method == _DEFLATED, crc, packed, size, 0), flags, at, end


def _with_header(file: BinaryIO, entry: Entry, flags: int, at: int) -> Entry:
    """``entry`` with the start of its data, once the header at ``at`` says the same as the directory."""
    fields = _LOCAL.unpack(_read(file, at, _LOCAL.size))
    mark, version, own_flags, method, _, _, crc, packed, size, name_length, extra_length = fields
    start = at + _LOCAL.size + name_length + extra_length
    names = _read(file, at + _LOCAL.size, name_length + extra_length)
    name = _name(names[:name_length])
    if mark != b"PK\x03\x04" or version > _NEWEST_VERSION:
        raise ZipError(f"{entry.name!a} with a header in an unknown form")
    size, packed = _large(name, names[name_length:], size, packed)
    found = Entry(name, method == _DEFLATED, crc, packed, size, 0)
    if found != entry or (own_flags, method) != (flags, _DEFLATED if entry.deflated else _STORED):
        raise ZipError(f"{entry.name!a} that is {name!a}, of other size or form, in its header")
    return Entry(name, entry.deflated, crc, packed, size, start)


def _name(content: bytes) -> str:
    if not content.isascii() or not 0 < len(content) <= _LONGEST_NAME:
        raise ZipError(f"the name {content[:60]!r}, which is empty, too long or not in ASCII")
    return content.decode("ascii")


def _large(name: str, extra: bytes, *values: int) -> list[int]:
    """``values``, those that are too large for their fields taken from ``extra``, which must hold nothing else."""
    wanted = values.count(_LONG)
    if len(extra) != (4 + 8 * wanted if wanted else 0) or (
        extra and extra[:4] != struct.pack("<2H", _ZIP64, 8 * wanted)
    ):
        raise ZipError(f"{name!a} with something else in its extra fields than large sizes")
    large = iter(struct.unpack(f"<{wanted}Q", extra[4:]))
    return [next(large) if value == _LONG else value for value in values]


def _read(file: BinaryIO, start: int, size: int) -> bytes:
    if start >= 0:
        file.seek(start)
        content = file.read(size)
        if len(content) == size:
            return content
    raise ZipError("a file that is cut off")
