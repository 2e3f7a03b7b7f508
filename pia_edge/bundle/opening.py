"""A bundle: a folder with a manifest, opened only after every file in it was checked."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Self

import msgspec

from pia_edge.bundle.ir_check import check_ir
from pia_edge.bundle.json_keys import check_unique_keys
from pia_edge.bundle.manifest import SCHEMA_VERSION, Artifact, File, Manifest
from pia_edge.bundle.mlpackage import DATA, MODEL
from pia_edge.bundle.mlpackage_check import check_mlpackage
from pia_edge.bundle.names import DESKTOP_FILES, MANIFEST, check_names
from pia_edge.bundle.onnx_check import check_onnx
from pia_edge.bundle.safetensors_header import read_safetensors_header
from pia_edge.cancel import CancelToken
from pia_edge.errors import BundleError
from pia_edge.modules import OPTIONAL_MODULES, Module
from pia_edge.progress import OnStep, Stage, megabytes

__all__ = ["MANIFEST", "Bundle", "describe_file", "read_manifest", "write_manifest"]

LARGEST_MANIFEST = 2**20
"""In bytes."""
_CHUNK = 2**20
_KINDS = {stat.S_ISDIR: "a folder", stat.S_ISLNK: "a symbolic link", stat.S_ISFIFO: "a pipe", stat.S_ISSOCK: "a socket"}


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """An opened bundle whose files are those its manifest names, byte for byte."""

    path: Path
    manifest: Manifest
    sha256: str
    """Hash of the manifest, which holds the hash of everything else: the bundle's identity."""

    @classmethod
    def open(cls, path: Path | str, *, on_step: OnStep | None = None, cancel: CancelToken | None = None) -> Self:
        """Return the bundle in the folder ``path`` after checking names, sizes, hashes and formats of all files.

        Args:
            path: the folder.
            on_step: told how many MB are checked.
            cancel: stops the work within a few MB.

        Raises:
            Cancelled: ``cancel`` was used.
            BundleError: the folder or its manifest is missing or damaged, or a file cannot be read or is missing,
                changed, extra, a link, of a foreign type, named outside the folder, or holds what it must not.
        """
        folder = Path(path)
        manifest, sha256 = read_manifest(folder)
        check_names(folder, manifest)
        with _explained(folder):
            folder = folder.absolute()
            _check_nothing_extra(folder, manifest)
            for name, expected in manifest.files.items():
                _check_size(folder / name, expected)
            checked = megabytes(Stage.VERIFY, manifest.num_bytes, on_step, cancel)
            for name, expected in manifest.files.items():
                if describe_file(folder / name, checked).sha256 != expected.sha256:
                    raise BundleError(
                        f"{folder / name}: its content has changed (sha256 differs). Get the bundle again."
                    )
            _check_formats(folder, manifest)
        return cls(path=folder, manifest=manifest, sha256=sha256)

    def artifact(self, module: Module) -> Artifact:
        """Return where ``module`` is stored.

        Raises:
            BundleError: the bundle does not hold it.
        """
        artifact = self.manifest.modules.get(module)
        if artifact is None:
            held = ", ".join(sorted(self.manifest.modules)) or "none"
            advice = "This bundle cannot animate by itself"
            if module in OPTIONAL_MODULES:
                advice = "Import it into the reference bundle, and export that again"
            raise BundleError(f"{self.path}: expected the module {module}, found {held}. {advice}.")
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

    def graphs(self, module: Module) -> tuple[Path, ...]:
        """Return the files of a module's graph and of its further pieces, in the order in which they run.

        Raises:
            BundleError: the bundle does not hold the module, or holds weights alone.
        """
        return (self.graph(module), *(self.path / piece for piece in self.artifact(module).pieces))


def read_manifest(folder: Path) -> tuple[Manifest, str]:
    """Return the manifest of the bundle in ``folder`` and its sha256, files unchecked.

    Raises:
        BundleError: there is none, or it is damaged or of another version.
    """
    return decode_manifest(_manifest_content(folder), folder / MANIFEST)


def decode_manifest(content: bytes, file: Path) -> tuple[Manifest, str]:
    """Return the manifest that ``content`` is, and its sha256; ``file`` is named in errors.

    Raises:
        BundleError: it is damaged, larger than 1 MB, or of another version.
    """
    if len(content) > LARGEST_MANIFEST:
        raise BundleError(f"{file}: expected a manifest of at most 1 MB, found more. Do not use this bundle.")
    try:
        version = msgspec.json.decode(content, type=_Versioned).schema_version
        if version != SCHEMA_VERSION:
            advice = "Update PIA Edge to read it" if version > SCHEMA_VERSION else "Export the bundle again"
            raise BundleError(f"{file}: expected schema version {SCHEMA_VERSION}, found {version}. {advice}.")
        manifest = msgspec.json.decode(content, type=Manifest)
        check_unique_keys(content)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BundleError(f"{file}: expected a manifest, found damage: {error}. Get the bundle again.") from error
    return manifest, hashlib.sha256(content).hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write ``manifest`` into ``folder`` with the size and hash of every file that lies there.

    Raises:
        BundleError: a file's name or type does not belong into a bundle.
        OSError: a file cannot be read, or the manifest cannot be written.
    """
    found = (path for path in sorted(folder.rglob("*")) if not path.is_dir() and path.name not in DESKTOP_FILES)
    names = [name for path in found if (name := path.relative_to(folder).as_posix()) != MANIFEST]
    complete = msgspec.structs.replace(manifest, files={name: describe_file(folder / name) for name in names})
    check_names(folder, complete)
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(complete), indent=1) + b"\n")


def describe_file(path: Path, after_each: Callable[[int], None] | None = None) -> File:
    """Return size and sha256 of the file ``path``; ``after_each`` is called with the bytes of each chunk."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            if after_each is not None:
                after_each(len(chunk))
    return File(size=path.stat().st_size, sha256=digest.hexdigest())


class _Versioned(msgspec.Struct):
    schema_version: int


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        found = f"{error.strerror or error} ({error.filename})"
        raise BundleError(f"{folder}: expected readable files, found: {found}. Check permissions and disk.") from error


def _manifest_content(folder: Path) -> bytes:
    """All of the manifest, or one byte more than it may have."""
    file = folder / MANIFEST
    try:
        with _explained(folder):
            kind = _kind(file)
            if kind is None:
                with file.open("rb") as stream:
                    return stream.read(LARGEST_MANIFEST + 1)
            found = f"{kind} of that name" if folder.is_dir() else _kind(folder) or "a file"
    except ValueError as error:
        raise BundleError(f"Expected the path of a bundle, found {str(folder)!a}: {error}. Correct it.") from error
    raise BundleError(
        f"{folder}: expected a bundle, which is a folder with {MANIFEST}, found {found}. Choose the folder of a bundle."
    )


def _kind(path: Path) -> str | None:
    """What stands at ``path``, links not followed, or None for a file."""
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return "nothing"
    if stat.S_ISREG(mode):
        return None
    return next((kind for is_kind, kind in _KINDS.items() if is_kind(mode)), "a device")


def _check_nothing_extra(folder: Path, manifest: Manifest) -> None:
    """Check that ``folder`` holds no other file or folder and no link; what is missing does not matter here."""
    folders = {str(parent) for name in manifest.files for parent in PurePosixPath(name).parents}
    expected = manifest.files.keys() | folders | {MANIFEST}
    # Sorted, a folder comes before those in it, and is known not to be a link when it is entered.
    for inside in sorted(folders):
        if _kind(folder / inside) not in ("a folder", "a symbolic link"):
            continue
        with os.scandir(folder / inside) as entries:
            for entry in entries:
                path = Path(entry.path)
                if entry.is_symlink():
                    raise BundleError(
                        f"{path}: expected a file, found a symbolic link. Copy the bundle with its real files."
                    )
                ignored = entry.name in DESKTOP_FILES and entry.is_file()
                if path.relative_to(folder).as_posix() not in expected and not ignored:
                    raise BundleError(
                        f"{folder}: expected only the files its manifest lists, found {entry.name!a} "
                        f"in the folder {inside}. Remove what does not belong to the bundle."
                    )


def _check_size(path: Path, expected: File) -> None:
    kind = _kind(path)
    if kind is not None:
        raise BundleError(f"{path}: expected a file, found {kind}. Get the bundle again.")
    size = path.stat().st_size
    if size != expected.size:
        raise BundleError(f"{path}: expected {expected.size} bytes, found {size}. Get the bundle again.")


def _check_formats(folder: Path, manifest: Manifest) -> None:
    for name in manifest.files:
        if name.endswith(".safetensors"):
            read_safetensors_header(folder / name)
    for artifact in manifest.modules.values():
        if artifact.graph is not None and artifact.graph.endswith(".onnx"):
            place = PurePosixPath(artifact.graph).parent
            beside = [weights for weights in artifact.weights if PurePosixPath(weights).parent == place]
            external = {PurePosixPath(weights).name: manifest.files[weights].size for weights in beside}
            check_onnx(folder / artifact.graph, external=external)
        elif artifact.graph is not None and artifact.graph.endswith(".xml"):
            # OpenVINO reads the .bin of this name unasked, whatever the manifest says of it.
            weights = PurePosixPath(artifact.graph).with_suffix(".bin").as_posix()
            if weights not in artifact.weights:
                raise BundleError(
                    f"{folder}: expected {weights} among the weights of {artifact.graph}, found "
                    f"{', '.join(artifact.weights) or 'none'}. Get the bundle again."
                )
            check_ir(folder / artifact.graph, weights=manifest.files[weights].size)
        elif artifact.graph is not None and artifact.graph.endswith(".mlmodel"):
            for graph in (artifact.graph, *artifact.pieces):
                _check_package(folder, PurePosixPath(graph))


def _check_package(folder: Path, graph: PurePosixPath) -> None:
    package = PurePosixPath(*graph.parts[:1])
    if package.suffix != ".mlpackage" or graph != package / DATA / MODEL:
        raise BundleError(
            f"{folder}: expected a graph NAME.mlpackage/{DATA}/{MODEL}, found {str(graph)!a}. Get the bundle again."
        )
    check_mlpackage(folder / package)
