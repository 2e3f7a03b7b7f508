"""Archives that somebody made to deceive, and damaged ones: each is refused, and nothing is written."""

import hashlib
import json
import random
import struct
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pia_edge.bundle import Bundle
from pia_edge.bundle.archive import add_archive, pack, unpack
from pia_edge.bundle.store import Store
from pia_edge.errors import BundleError
from tests.bundle.small import contents, small
from tests.bundle.zips import DEFLATED, FILE, Part, build, deflated, large_end, parts_of

SPATIAL, VOCAB = 3, 5
"""Places of spatial.safetensors and vocab.json among the parts."""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small(tmp_path_factory.mktemp("bundle") / "one", spatial=bytes(range(256)) * 8)


@pytest.fixture
def parts(bundle: Path) -> list[Part]:
    return parts_of(bundle)


@pytest.fixture
def refused(tmp_path: Path) -> Callable[[bytes, str], None]:
    """Check that an archive is refused for a reason, into a folder and into a store, and nothing is left."""

    def check(content: bytes, reason: str) -> None:
        path = tmp_path / "evil.pia.zip"
        path.write_bytes(content)
        with pytest.raises(BundleError, match=reason) as caught:
            unpack(path, tmp_path / "out", overwrite=False)
        assert str(caught.value).isprintable()
        assert len(str(caught.value)) < 900
        with pytest.raises(BundleError, match=reason):
            add_archive(Store(tmp_path / "store"), path, overwrite=False)
        left = {found.name for found in tmp_path.rglob("*")} - {"evil.pia.zip", "store", "bundles"}
        assert left == set()

    return check


def listing(parts: list[Part], name: str, content: bytes) -> list[Part]:
    """``parts`` and one more, which the manifest lists."""

    def add(manifest: Any) -> None:
        manifest["files"][name] = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}

    return [edited(parts[0], add), *parts[1:], Part(name.encode("utf-8", "surrogatepass"), content)]


def edited(part: Part, change: Callable[[Any], None]) -> Part:
    manifest = json.loads(part.content)
    change(manifest)
    return replace(part, content=json.dumps(manifest).encode())


def at(parts: list[Part], place: int, **changes: Any) -> list[Part]:
    return [replace(part, **changes) if number == place else part for number, part in enumerate(parts)]


def test_what_is_built_by_hand_is_read(parts: list[Part], bundle: Path, tmp_path: Path) -> None:
    """Otherwise all that follows would be refused for nothing."""
    (tmp_path / "plain.zip").write_bytes(build(parts))
    (tmp_path / "deflated.zip").write_bytes(build([replace(part, method=DEFLATED) for part in parts]))
    for name in ("plain", "deflated"):
        assert contents(unpack(tmp_path / f"{name}.zip", tmp_path / name, overwrite=False).path) == contents(bundle)
    start, size = where(build(parts))
    (tmp_path / "large.zip").write_bytes(build(parts, large=large_end(len(parts), size, start, start + size)))
    assert contents(unpack(tmp_path / "large.zip", tmp_path / "large", overwrite=False).path) == contents(bundle)


def where(archive: bytes) -> tuple[int, int]:
    """Start and size of the directory."""
    size, start = struct.unpack_from("<2I", archive, len(archive) - 10)
    return start, size


NAMES = ["../x.json", "card/../../x.json", "/x.json", "//server/share/x.json", "C:/x.json", "C:x.json", "card\\x.json"]
NAMES += ["x\0.json", "x.json:stream.json", "con.json", "card/NUL.json", "x.json ", "x./x.json", "./x.json", ".x.json"]
NAMES += [
    "card//x.json",
    "~/x.json",
    "-x.json",
    "x\n.json",
    "Manifest.json",
    "v" * 161 + ".json",
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_names_that_are_not_plain(name: str, parts: list[Part], refused: Any) -> None:
    """Whether the manifest lists them or not."""
    refused(build(listing(parts, name, b"{}")), "expected plain file names")
    refused(build([*parts, Part(name.encode(), b"{}")]), "which its manifest does not list|the name")


@pytest.mark.parametrize(
    "name",
    ["VOCAB.json", "Card/x.json", "card", "vocab.json/x.json", "manifest.json/x.json", "x.py", "x.pia.zip", "x.lnk"],
)
def test_names_that_collide_or_are_foreign(name: str, parts: list[Part], refused: Any) -> None:
    refused(build(listing(parts, name, b"{}")), "some disks cannot hold|expected only|expected plain")


@pytest.mark.parametrize("name", ["voc\u00e4b.json", "voc\u0430b.json", "x\u202etxt.json", "\u65e5.json"])
@pytest.mark.parametrize("flags", [0, 0x800])
def test_names_that_are_not_ascii(name: str, flags: int, parts: list[Part], refused: Any) -> None:
    refused(build(at(listing(parts, name, b"{}"), -1, flags=flags)), "not in ASCII")
    refused(build([*parts, Part(name.encode(), b"{}", flags=flags)]), "not in ASCII")


LINK, FOLDER, DEVICE = 0o120777 << 16, 0o40755 << 16 | 0x10, 0o20666 << 16
UNICODE_PATH = struct.pack("<2HBI", 0x7075, 5 + 9, 1, zlib.crc32(b"vocab.json")) + b"evil.json"
ENTRIES: dict[str, tuple[dict[str, Any], str]] = {
    "symbolic link": ({"attributes": LINK}, "a folder, a link or a device"),
    "folder": ({"attributes": FOLDER}, "a folder, a link or a device"),
    "folder of DOS": ({"attributes": 0x10}, "a folder, a link or a device"),
    "device": ({"attributes": DEVICE}, "a folder, a link or a device"),
    "pipe": ({"attributes": 0o10644 << 16}, "a folder, a link or a device"),
    "encrypted": ({"flags": 1}, "encrypted"),
    "strongly encrypted": ({"flags": 0x41}, "encrypted"),
    "hidden header": ({"flags": 0x2000}, "encrypted"),
    "patch": ({"flags": 0x20}, "encrypted"),
    "size behind the data": ({"flags": 8}, "size behind its data"),
    "bzip2": ({"method": 12}, "by method 12"),
    "lzma": ({"method": 14}, "by method 14"),
    "zstandard": ({"method": 93}, "by method 93"),
    "method of AES": ({"method": 99}, "by method 99"),
    "newer version": ({"version": 63}, "unknown form"),
    "another disk": ({"disk": 1}, "unknown form"),
    "comment": ({"comment": b"x"}, "unknown form"),
    "another name in Unicode": ({"extra": UNICODE_PATH}, "extra fields"),
    "time stamps": ({"extra": struct.pack("<2HB", 0x5455, 1, 0)}, "extra fields"),
    "half an extra field": ({"extra": b"\1\0"}, "extra fields"),
    "large sizes that nobody needs": ({"extra": struct.pack("<2H2Q", 1, 16, 1, 1)}, "extra fields"),
    "large sizes that are missing": ({"size": 0xFFFFFFFF, "packed": 0xFFFFFFFF}, "extra fields"),
    "huge": (
        {"size": 0xFFFFFFFF, "packed": 0xFFFFFFFF, "extra": struct.pack("<2H2Q", 1, 16, 2**63, 2**63)},
        "entries that end at",
    ),
    "stored in another size": ({"size": 9}, "neither as it is nor deflated"),
    "wrong CRC": ({"crc": 1}, "damaged data"),
    "other content": ({"content": b'{"b": 0}'}, "content of vocab.json has changed"),
    "longer content": ({"content": b'{"a": 00}'}, "of 9 bytes instead of 8"),
    "no content": ({"content": b""}, "of 0 bytes instead of 8"),
    "empty name": ({"name": b""}, "the name b''"),
    "another name": ({"name": b"vocabulary.json"}, "which its manifest does not list"),
    "another name in its header": ({"header": {"name": b"vocab.jsoN"}}, "in its header"),
    "climbing name in its header": ({"header": {"name": b"../../x.js"}}, "in its header"),
    "another size in its header": ({"header": {"size": 9}}, "in its header"),
    "another packed size in its header": ({"header": {"packed": 9}}, "in its header|lies between"),
    "another CRC in its header": ({"header": {"crc": 9}}, "in its header"),
    "another method in its header": ({"header": {"method": 8}}, "in its header"),
    "a method nobody knows in its header": ({"header": {"method": 77}}, "in its header"),
    "other flags in its header": ({"header": {"flags": 0x800}}, "in its header"),
    "encrypted in its header": ({"header": {"flags": 1}}, "in its header"),
    "extra field in its header": ({"header": {"extra": UNICODE_PATH}}, "extra fields"),
    "newer version in its header": ({"header": {"version": 63}}, "unknown form"),
    "deflated and cut off": ({"method": 8, "data": deflated(b'{"a": 0}')[:-3]}, "damaged|cut off"),
    "deflated and longer": ({"method": 8, "data": deflated(b'{"a": 0}') + b"x"}, "bytes behind"),
    "deflated twice": ({"method": 8, "data": deflated(b'{"a": 0}') * 2}, "bytes behind"),
    "not deflated at all": ({"method": 8, "data": b"\xff" * 20}, "damaged"),
    "deflated and larger": ({"method": 8, "data": deflated(b'{"a": 0}      '), "size": 8}, "more than 8 bytes"),
    "deflated and smaller": ({"method": 8, "data": deflated(b'{"a": 0'), "size": 8}, "damaged data"),
    "deflated without data": ({"method": 8, "data": b""}, "8 bytes packed into 0"),
    "data in front": ({"before": b"x"}, "something else lies between"),
    "an archive in front": ({"before": build([Part(b"evil.json", b"{}")])}, "something else lies between"),
    "overlapping": ({"at": 0}, "overlaps"),
    "beyond the end": ({"at": 2**31}, "lies between"),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_entries_that_lie(name: str, parts: list[Part], refused: Any) -> None:
    changes, reason = ENTRIES[name]
    refused(build(at(parts, VOCAB, **changes)), reason)


def with_manifest_of(change: Callable[[Any], None]) -> Callable[[list[Part]], bytes]:
    return lambda parts: build([edited(parts[0], change), *parts[1:]])


BOMB = Part(b"merges.txt", b"\0" * 10_000_000, method=DEFLATED)
ARCHIVES: dict[str, tuple[Callable[[list[Part]], bytes], str]] = {
    "nothing": (lambda _: b"", "cut off"),
    "no ZIP": (lambda _: b"PK\3\4" + b"x" * 1000, "no end of a ZIP file"),
    "an empty ZIP": (lambda _: build([]), "no manifest.json"),
    "no manifest": (lambda parts: build(parts[1:]), "no manifest.json"),
    "manifest last": (lambda parts: build([*parts[1:], parts[0]]), "no manifest.json of at most 1 MB in the first"),
    "manifest twice": (lambda parts: build([*parts, parts[0]]), "does not list, or twice"),
    "two manifests": (lambda parts: build([parts[0], *parts]), "does not list, or twice"),
    "a file twice": (lambda parts: build([*parts, parts[2]]), "does not list, or twice"),
    "a file twice, once changed": (
        lambda parts: build([*parts, replace(parts[VOCAB], content=b'{"b": 0}')]),
        "does not list, or twice",
    ),
    "extra file": (lambda parts: build([*parts, Part(b"extra.json", b"{}")]), "'extra.json', which its manifest"),
    "missing file": (lambda parts: build(parts[:-1]), "no 'vocab.json', which its manifest lists"),
    "large manifest": (
        lambda parts: build([replace(parts[0], content=parts[0].content + b" " * 2**20), *parts[1:]]),
        "manifest.json of at most 1 MB",
    ),
    "manifest that is no JSON": (lambda parts: build(at(parts, 0, content=b"{")), "found damage"),
    "manifest of a newer version": (with_manifest_of(lambda m: m.update(schema_version=9)), "Update PIA Edge"),
    "manifest with another hash": (
        with_manifest_of(lambda m: m["files"]["vocab.json"].update(sha256="0" * 64)),
        "content of vocab.json has changed",
    ),
    "manifest with another size": (
        with_manifest_of(lambda m: m["files"]["vocab.json"].update(size=7)),
        "of 8 bytes instead of 7",
    ),
    "manifest with a huge size": (
        with_manifest_of(lambda m: m["files"]["vocab.json"].update(size=2**62)),
        "of 8 bytes instead of",
    ),
    "contents swapped": (
        lambda parts: build(at(at(parts, SPATIAL, content=parts[4].content), 4, content=parts[SPATIAL].content)),
        "bytes instead of",
    ),
    "bomb": (lambda parts: build([*parts[:2], BOMB, *parts[3:]]), "10000000 bytes packed into"),
    "bomb that lies": (
        lambda parts: build([*parts[:2], replace(BOMB, size=len(parts[2].content)), *parts[3:]]),
        "more than 14 bytes",
    ),
    "bomb in the manifest": (
        lambda parts: build([replace(parts[0], content=b" " * 2**20, method=DEFLATED), *parts[1:]]),
        "1048576 bytes packed into",
    ),
    "many entries": (
        lambda parts: build([*parts, *(Part(b"%d.json" % number, b"") for number in range(60_000))]),
        "60006 entries",
    ),
    "entries that only the end counts": (lambda parts: build(parts, count=0xFFFE), "entries"),
    "one entry more": (lambda parts: build(parts, count=7), "fewer entries"),
    "one entry less": (lambda parts: build(parts, count=5), "entries that end at"),
    "prepended": (lambda parts: build(parts, prefix=b"#!/bin/sh\n"), "instead of 0"),
    "prepended, and nothing moved": (lambda parts: b"MZ" + build(parts), "directory that ends"),
    "an archive prepended": (lambda parts: build([Part(b"evil.json", b"{}")]) + build(parts), "directory that ends"),
    "an archive appended": (lambda parts: build(parts) + build([Part(b"evil.json", b"{}")]), "directory that ends"),
    "appended": (lambda parts: build(parts, suffix=b"\n"), "something behind it"),
    "comment": (lambda parts: build(parts, comment=b"hello"), "something behind it"),
    "an end in the comment": (lambda parts: build(parts, comment=build([])), "directory that ends"),
    "two ends": (lambda parts: build(parts) + build(parts)[-22:], "directory that ends"),
    "bytes between data and directory": (lambda parts: build(parts, gap=b"x"), "entries that end at"),
    "directory elsewhere": (lambda parts: build(parts, start=0), "directory that ends"),
    "small directory": (lambda parts: build(parts, size=0), "directory that ends"),
    "directory of bytes before": (
        lambda parts: build(parts, start=where(build(parts))[0] - 1, size=where(build(parts))[1] + 1),
        "unknown form|the name",
    ),
    "one part of several": (lambda parts: build(parts, disk=1), "one part of an archive"),
    "fewer entries here": (lambda parts: build(parts, here=5), "one part of an archive"),
    "another mark": (lambda parts: build(parts, mark=b"PK\5\7"), "no end of a ZIP"),
    "cut off": (lambda parts: build(parts)[:-1], "no end of a ZIP"),
    "half": (lambda parts: build(parts)[:3000], "no end of a ZIP"),
    "end alone": (lambda parts: build(parts)[-22:], "cut off|directory that ends"),
    "tar": (lambda _: b"manifest.json".ljust(512, b"\0") + bytes(2048), "no end of a ZIP"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_archives_that_lie(name: str, parts: list[Part], refused: Any) -> None:
    make, reason = ARCHIVES[name]
    start = time.perf_counter()
    refused(make(parts), reason)
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"at": 0}, "lies elsewhere"),
        ({"disks": 2}, "lies elsewhere"),
        ({"disk": 1}, "two ends that differ"),
        ({"length": 45}, "unknown form"),
        ({"count": 5}, "two ends that differ"),
        ({"start": 0}, "two ends that differ"),
        ({"size": 1}, "two ends that differ"),
    ],
)
def test_large_ends_that_lie(other: dict[str, int], reason: str, parts: list[Part], refused: Any) -> None:
    start, size = where(build(parts))
    told = {"count": other.pop("count", 6), "size": other.pop("size", size), "start": other.pop("start", start)}
    large = large_end(told["count"], told["size"], told["start"], **{"at": start + size, **other})
    refused(build(parts, large=large), reason)


def test_swapped_files_of_one_size(tmp_path: Path, refused: Any) -> None:
    parts = parts_of(small(tmp_path / "bundle", spatial=b"12345678", temporal=b"87654321"))
    (tmp_path / "bundle").rename(tmp_path.parent / "swapped")
    one, two = parts[SPATIAL], parts[SPATIAL + 1]
    parts[SPATIAL : SPATIAL + 2] = [replace(one, content=two.content), replace(two, content=one.content)]
    refused(build(parts), "content of spatial.safetensors has changed")


def test_a_graph_that_the_formats_refuse(tmp_path: Path, parts: list[Part]) -> None:
    """Its hash fits, its name does; the bundle is opened before it gets its place, under the name of the archive."""
    damaged = parts[SPATIAL].content[:-1]

    def change(manifest: Any) -> None:
        hashed = hashlib.sha256(damaged).hexdigest()
        manifest["files"]["spatial.safetensors"] = {"size": len(damaged), "sha256": hashed}

    hostile = at([edited(parts[0], change), *parts[1:]], SPATIAL, content=damaged)
    (tmp_path / "evil.pia.zip").write_bytes(build(hostile))
    with pytest.raises(BundleError, match=r"evil\.pia\.zip/spatial\.safetensors: expected safetensors"):
        unpack(tmp_path / "evil.pia.zip", tmp_path / "out", overwrite=False)
    with pytest.raises(BundleError, match="expected safetensors"):
        add_archive(Store(tmp_path / "store"), tmp_path / "evil.pia.zip", overwrite=False)
    assert not (tmp_path / "out").exists()


def test_an_archive_in_an_archive_stays_a_file(tmp_path: Path, parts: list[Part]) -> None:
    """Nothing unpacks what is inside, however deep: a bundle of such a file is a bundle of a file."""
    inner = build(parts)
    nested = listing(parts, "inner.bin", inner)
    (tmp_path / "nested.pia.zip").write_bytes(build(nested))
    unpacked = unpack(tmp_path / "nested.pia.zip", tmp_path / "out", overwrite=False)
    assert (unpacked.path / "inner.bin").read_bytes() == inner


def test_a_hundred_thousand_entries_cost_nothing(tmp_path: Path, parts: list[Part]) -> None:
    path = tmp_path / "many.pia.zip"
    many = build([*parts, *(Part(b"%d.json" % number, b"") for number in range(60_000))])
    start, size = where(many)
    # More than 65,535 need the larger end; the directory need not be true, since it is not read.
    path.write_bytes(
        many[:-22] + large_end(100_000, size, start, start + size) + many[-22:-14] + b"\xff" * 4 + many[-10:]
    )
    before = time.perf_counter()
    with pytest.raises(BundleError, match="100000 entries"):
        unpack(path, tmp_path / "out", overwrite=False)
    assert time.perf_counter() - before < 0.5


def test_any_flipped_bit_is_noticed_or_harmless(bundle: Path, tmp_path: Path) -> None:
    path = tmp_path / "flipped.pia.zip"
    pack(Bundle.open(bundle), path, overwrite=False)
    content = path.read_bytes()
    source = random.Random(7)
    refused = 0
    for number in range(400):
        flipped = bytearray(content)
        # Half of them in the directory and its end, where most lies stand.
        place = source.randrange(len(content) - 500 if number % 2 else 0, len(content))
        flipped[place] ^= 1 << source.randrange(8)
        path.write_bytes(flipped)
        try:
            unpacked = unpack(path, tmp_path / "out", overwrite=True)
        except BundleError:
            refused += 1
        else:
            assert contents(unpacked.path) == contents(bundle)
        assert {found.name for found in tmp_path.iterdir()} <= {"flipped.pia.zip", "out"}
    assert refused > 300


def test_any_cut_is_noticed(bundle: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.pia.zip"
    pack(Bundle.open(bundle), path, overwrite=False)
    content = path.read_bytes()
    for length in {*range(0, len(content), 97), *range(len(content) - 60, len(content))}:
        path.write_bytes(content[:length])
        with pytest.raises(BundleError):
            unpack(path, tmp_path / "out", overwrite=False)
    assert [found.name for found in tmp_path.iterdir()] == ["cut.pia.zip"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bits")
def test_bits_of_the_archive_do_not_become_those_of_files(parts: list[Part], tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(build([replace(part, attributes=FILE | 0o4777 << 16) for part in parts]))
    unpacked = unpack(tmp_path / "x.zip", tmp_path / "out", overwrite=False)
    assert all(file.stat().st_mode & 0o7111 == 0 for file in unpacked.path.rglob("*") if file.is_file())
