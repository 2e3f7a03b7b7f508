"""A bundle: a folder with a manifest, opened only after every file in it was checked."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec

from pia_edge.errors import BundleError
from pia_edge.manifest import SCHEMA_VERSION, Artifact, File, Manifest
from pia_edge.modules import Module

MANIFEST = "manifest.json"

# Data formats only: nothing in a bundle is ever executed or unpickled.
_SUFFIXES = {".json", ".txt", ".safetensors", ".onnx", ".onnx_data", ".xml", ".bin", ".png", ".mlmodel", ".plist"}
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,119}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_LARGEST_MANIFEST = 16 * 2**20


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """An opened bundle whose files are those its manifest names, byte for byte."""

    path: Path
    manifest: Manifest
    sha256: str
    """Hash of the manifest, which holds the hash of everything else: the bundle's identity."""

    @classmethod
    def open(cls, path: Path | str) -> Self:
        """Return the bundle in the folder ``path`` after checking the size and hash of every file.

        Raises:
            BundleError: the folder or its manifest is missing or damaged, or a file is missing, changed, extra, a
                link, of a foreign type, or named outside the folder.
        """
        folder = Path(path)
        manifest, sha256 = read_manifest(folder)
        _check_names(folder, manifest)
        _check_nothing_extra(folder, manifest)
        for name, expected in manifest.files.items():
            _check_file(folder / name, name, expected)
        return cls(path=folder, manifest=manifest, sha256=sha256)

    def artifact(self, module: Module) -> Artifact:
        """Return where ``module`` is stored.

        Raises:
            BundleError: the bundle does not hold it.
        """
        artifact = self.manifest.modules.get(module)
        if artifact is None:
            held = ", ".join(sorted(self.manifest.modules)) or "none"
            raise BundleError(
                f"{self.path}: expected the module {module}, found {held}. This bundle cannot animate by itself."
            )
        return artifact

    def graph(self, module: Module) -> Path:
        """Return the file of a module's graph.

        Raises:
            BundleError: the bundle does not hold the module, or holds weights alone.
        """
        graph = self.artifact(module).graph
        if graph is None:
            raise BundleError(f"{self.path}: expected a graph for {module}, found weights alone. Export the bundle.")
        return self.path / graph


def read_manifest(folder: Path) -> tuple[Manifest, str]:
    """Return the manifest of the bundle in ``folder`` and its sha256, files unchecked.

    Raises:
        BundleError: there is none, or it is damaged or of a newer version.
    """
    file = folder / MANIFEST
    if not file.is_file():
        found = "no such folder" if not folder.is_dir() else "a folder without it"
        raise BundleError(f"{folder}: expected a bundle, which is a folder with {MANIFEST}, found {found}.")
    if file.stat().st_size > _LARGEST_MANIFEST:
        raise BundleError(f"{file}: expected a manifest of at most 16 MB, found {file.stat().st_size} bytes.")
    content = file.read_bytes()
    try:
        version = msgspec.json.decode(content, type=_Versioned).schema_version
        if version != SCHEMA_VERSION:
            raise BundleError(
                f"{file}: expected schema version {SCHEMA_VERSION}, found {version}. Update PIA Edge to read it."
            )
        manifest = msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BundleError(f"{file}: expected a manifest, found damage: {error}. Get the bundle again.") from error
    return manifest, hashlib.sha256(content).hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write ``manifest`` into ``folder`` with the size and hash of every file that lies there."""
    files = {name: describe_file(folder / name) for name in sorted(_files_in(folder)) if name != MANIFEST}
    complete = msgspec.structs.replace(manifest, files=files)
    _check_names(folder, complete)
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(complete), indent=1) + b"\n")


def describe_file(path: Path) -> File:
    """Return size and sha256 of the file ``path``."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return File(size=path.stat().st_size, sha256=digest)


class _Versioned(msgspec.Struct):
    schema_version: int


def _check_names(folder: Path, manifest: Manifest) -> None:
    referenced = list(manifest.tokenizer)
    for artifact in manifest.modules.values():
        referenced += [*([artifact.graph] if artifact.graph else []), *artifact.weights]
    for name in manifest.files:
        parts = name.split("/")
        safe = all(_PART.fullmatch(part) and not part.endswith(".") and not _RESERVED.fullmatch(part) for part in parts)
        if not safe or name == MANIFEST:
            raise BundleError(
                f"{folder}: expected plain file names inside the bundle, found {name!a}. Do not use this bundle."
            )
        if Path(name).suffix not in _SUFFIXES:
            raise BundleError(
                f"{folder}: expected only {', '.join(sorted(_SUFFIXES))} files, found {name!a}. Do not use this bundle."
            )
    folded = {name.casefold() for name in manifest.files}
    if len(folded) != len(manifest.files):
        raise BundleError(f"{folder}: two file names differ only in case, which some disks cannot hold.")
    unlisted = sorted(set(referenced) - manifest.files.keys())
    if unlisted:
        raise BundleError(f"{folder}: the manifest uses {unlisted[0]!a} but does not list it. Get the bundle again.")


def _check_nothing_extra(folder: Path, manifest: Manifest) -> None:
    extra = sorted(_files_in(folder) - manifest.files.keys() - {MANIFEST})
    if extra:
        raise BundleError(
            f"{folder}: expected only the files its manifest lists, found {extra[0]!a} ({len(extra)} extra). "
            "Remove what does not belong to the bundle."
        )


def _check_file(path: Path, name: str, expected: File) -> None:
    inside = [path, *list(path.parents)[: name.count("/")]]
    if any(part.is_symlink() for part in inside):
        raise BundleError(f"{path}: expected a file, found a symbolic link. Copy the bundle with its real files.")
    if not path.is_file():
        raise BundleError(f"{path}: missing. Get the bundle again.")
    size = path.stat().st_size
    if size != expected.size:
        raise BundleError(f"{path}: expected {expected.size} bytes, found {size}. Get the bundle again.")
    if describe_file(path).sha256 != expected.sha256:
        raise BundleError(f"{path}: its content has changed (sha256 differs). Get the bundle again.")


def _files_in(folder: Path) -> set[str]:
    found: set[str] = set()
    for parent, folders, files in os.walk(folder):
        # os.walk lists a link to a folder as a folder and does not enter it: it counts as a file here.
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        found.update((Path(parent) / name).relative_to(folder).as_posix() for name in [*files, *links])
    return found
