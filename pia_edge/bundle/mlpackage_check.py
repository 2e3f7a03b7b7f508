"""What an ``.mlpackage`` of a bundle may hold, checked before Core ML or anything else reads it.

Core ML follows the paths of a package and its program, links models from elsewhere, and calls code of the application
by name (custom layers and models). None of it belongs into a bundle.
"""

import os
import stat
from pathlib import Path

import msgspec

from pia_edge.bundle.json_keys import check_unique_keys
from pia_edge.bundle.mil_check import check_model
from pia_edge.bundle.mlpackage import DATA, MODEL, WEIGHTS
from pia_edge.bundle.names import DESKTOP_FILES, is_plain
from pia_edge.errors import BundleError

_MANIFEST = "Manifest.json"
_LARGEST_MANIFEST = 2**16
_LARGEST_MODEL = 256 * 2**20
_FOLDERS = {"Data", "Data/com.apple.CoreML", f"Data/{WEIGHTS}"}
_FILES = {_MANIFEST, f"Data/{MODEL}"}


class _Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    author: str
    description: str
    name: str
    path: str


class _Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    file_format_version: str
    item_info_entries: dict[str, _Item]
    root_model_identifier: str


def check_mlpackage(path: Path) -> None:
    """Check that the package ``path`` holds one program of known operations and reads its own weights alone.

    Raises:
        BundleError: it is no such package, or holds a link, a foreign file, a path that leaves it, a custom layer, a
            custom or linked model, an unknown operation, or weights that are not where the program says.
    """
    try:
        weights = _weight_files(path)
        _check_manifest(path / _MANIFEST)
        model = path / DATA / MODEL
        if model.stat().st_size > _LARGEST_MODEL:
            raise BundleError(f"{model}: expected a program of at most 256 MB, found more. Do not use this bundle.")
        check_model(model, weights)
    except OSError as error:
        raise BundleError(f"{path}: expected a readable package, found: {error}. Get the bundle again.") from error


def _weight_files(path: Path) -> dict[str, Path]:
    """The package's weight files by name, once nothing else and no link was found in it."""
    if not stat.S_ISDIR(path.lstat().st_mode):
        raise BundleError(f"{path}: expected a package, which is a folder, found something else. Get the bundle again.")
    weights, missing, folders = {}, set(_FILES), [path]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in sorted(entries, key=lambda each: each.name):
                if entry.name in DESKTOP_FILES and entry.is_file(follow_symlinks=False):
                    continue
                inside = Path(entry.path).relative_to(path).as_posix()
                if entry.is_dir(follow_symlinks=False) and inside in _FOLDERS:
                    folders.append(Path(entry.path))
                    continue
                is_weight = inside == f"Data/{WEIGHTS}/{entry.name}" and is_plain(entry.name)
                is_weight = is_weight and entry.name.endswith(".bin")
                if not entry.is_file(follow_symlinks=False) or not (is_weight or inside in _FILES):
                    raise BundleError(f"{path}: expected a program and its weights, found {inside!a}. Remove it.")
                missing.discard(inside)
                if is_weight:
                    weights[entry.name] = Path(entry.path)
    if missing:
        raise BundleError(f"{path}: expected {', '.join(sorted(missing))}, found nothing. Get the bundle again.")
    return weights


def _check_manifest(file: Path) -> None:
    if file.stat().st_size > _LARGEST_MANIFEST:
        raise BundleError(f"{file}: expected a manifest of at most 64 kB, found more. Do not use this bundle.")
    content = file.read_bytes()
    try:
        manifest = msgspec.json.decode(content, type=_Manifest)
        check_unique_keys(content)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BundleError(
            f"{file}: expected Core ML's manifest, found damage: {error}. Get the bundle again."
        ) from error
    paths = sorted(item.path for item in manifest.item_info_entries.values())
    if paths != [MODEL, WEIGHTS]:
        raise BundleError(
            f"{file}: expected the paths {MODEL} and {WEIGHTS}, found {ascii(paths)[:200]}. Do not use this bundle."
        )
    root = manifest.item_info_entries.get(manifest.root_model_identifier)
    if root is None or root.path != MODEL:
        raise BundleError(f"{file}: expected {MODEL} as the root model, found something else. Do not use this bundle.")
