"""ZIP files built byte by byte, so that every field of them can lie."""

import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STORED, DEFLATED = 0, 8
FILE = 0o100644 << 16


@dataclass
class Part:
    """One entry; whatever is not given is told truly."""

    name: bytes
    content: bytes
    method: int = STORED
    flags: int = 0
    attributes: int = FILE
    version: int = 20
    crc: int | None = None
    size: int | None = None
    packed: int | None = None
    data: bytes | None = None
    """What stands in the file for the content."""
    extra: bytes = b""
    comment: bytes = b""
    disk: int = 0
    before: bytes = b""
    """What stands in front of the header."""
    at: int | None = None
    header: dict[str, Any] = field(default_factory=dict)
    """What the header before the data says in another way than the directory: name, flags, method, crc, size, …"""

    def stored(self) -> bytes:
        if self.data is not None:
            return self.data
        return deflated(self.content) if self.method == DEFLATED else self.content

    def facts(self, **others: Any) -> dict[str, Any]:
        return {
            "name": self.name,
            "version": self.version,
            "flags": self.flags,
            "method": self.method,
            "crc": zlib.crc32(self.content) if self.crc is None else self.crc,
            "size": len(self.content) if self.size is None else self.size,
            "packed": len(self.stored()) if self.packed is None else self.packed,
            "extra": self.extra,
            **others,
        }


def deflated(content: bytes, level: int = 9) -> bytes:
    deflate = zlib.compressobj(level, wbits=-15)
    return deflate.compress(content) + deflate.flush()


def build(parts: Sequence[Part], *, prefix: bytes = b"", gap: bytes = b"", suffix: bytes = b"", **end: Any) -> bytes:
    """The archive; ``end`` are fields of the end record that lie: count, here, size, start, disk, comment, mark."""
    content, directory = bytearray(prefix), bytearray()
    for part in parts:
        content += part.before
        start = len(content) if part.at is None else part.at
        content += _header(part.facts(**part.header)) + part.stored()
        directory += _description(part, start)
    content += gap
    count = end.get("count", len(parts))
    comment: bytes = end.get("comment", b"")
    record = struct.pack(
        "<4s4H2IH",
        *(end.get("mark", b"PK\5\6"), end.get("disk", 0), 0, end.get("here", count), count),
        *(end.get("size", len(directory)), end.get("start", len(content)), len(comment)),
    )
    return b"".join((content, directory, end.get("large", b""), record, comment, suffix))


def _header(facts: dict[str, Any]) -> bytes:
    fixed = struct.pack(
        "<4s5H3I2H",
        *(b"PK\3\4", facts["version"], facts["flags"], facts["method"], 0, 33),
        *(facts["crc"], facts["packed"], facts["size"], len(facts["name"]), len(facts["extra"])),
    )
    return b"".join((fixed, facts["name"], facts["extra"]))


def _description(part: Part, start: int) -> bytes:
    facts = part.facts()
    fixed = struct.pack(
        "<4s6H3I5H2I",
        *(b"PK\1\2", 3 << 8 | 20, facts["version"], facts["flags"], facts["method"], 0, 33),
        *(facts["crc"], facts["packed"], facts["size"], len(facts["name"]), len(facts["extra"])),
        *(len(part.comment), part.disk, 0, part.attributes, start),
    )
    return b"".join((fixed, facts["name"], facts["extra"], part.comment))


def parts_of(folder: Path) -> list[Part]:
    """The entries of a bundle, in the order in which they are packed."""
    names = ["manifest.json", *sorted(json.loads((folder / "manifest.json").read_bytes())["files"])]
    return [Part(name.encode(), (folder / name).read_bytes()) for name in names]


def large_end(count: int, size: int, start: int, at: int, **other: int) -> bytes:
    """The end record for large files, which lies at ``at``, and what points to it."""
    record = struct.pack(
        "<4sQ2H2I4Q", b"PK\6\6", other.get("length", 44), 45, 45, 0, other.get("disk", 0), count, count, size, start
    )
    return record + struct.pack("<4sIQI", b"PK\6\7", 0, other.get("at", at), other.get("disks", 1))
