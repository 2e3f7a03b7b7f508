"""Which names the files of a bundle may have: plain ones that every disk can hold, of data formats alone."""

import re
import unicodedata
from pathlib import Path, PurePosixPath

from pia_edge.bundle.manifest import Format, Manifest
from pia_edge.errors import BundleError

MANIFEST = "manifest.json"
SAMPLE = "sample"
"""The name of the bundle that ships."""

DESKTOP_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""Written by Finder and Explorer into any folder that a user looks at, and read by nothing here."""

# Data formats only: nothing in a bundle is ever executed or unpickled.
_SUFFIXES = {".json", ".txt", ".safetensors", ".onnx", ".onnx_data", ".xml", ".bin", ".png", ".mlmodel", ".plist"}
# Runtimes choose their parser by the content, so a graph under another suffix would run without our checks.
_GRAPH_SUFFIX = {Format.ONNX: ".onnx", Format.OPENVINO: ".xml", Format.COREML: ".mlmodel"}
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,119}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
# Windows refuses paths of more than 260 characters; the rest is for the folder.
_LONGEST = 160


def is_plain(part: str) -> bool:
    """Return whether ``part`` is a file name without a folder that Windows, macOS and Linux all take literally."""
    return bool(_PLAIN.fullmatch(part)) and not part.endswith(".") and not _RESERVED.fullmatch(part)


def made_plain(text: str) -> str:
    """Return ``text`` as a plain file name: accents dropped, anything else that is not plain as dashes.

    What remains may still be no plain name, if nothing of ``text`` can be kept or the result is reserved.
    """
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9._-]+", "-", letters).strip(".-")[:120].rstrip(".-")


def exported_name(reference: str, target: str, precision: str) -> str:
    """Return what an export of the bundle ``reference`` is called where nobody says otherwise."""
    return f"{made_plain(reference)}-{target}-{precision}"


def is_bundle_file(name: str) -> bool:
    """Return whether a file or package of this name may be replaced when a bundle is written over an older one."""
    return name.endswith((".json", ".txt", ".safetensors", ".onnx", ".onnx_data", ".xml", ".bin", ".mlpackage"))


def check_names(folder: Path, manifest: Manifest) -> None:
    """Check every name in the manifest of the bundle in ``folder``, without looking at the disk.

    Raises:
        BundleError: a name leaves the folder, is special or too long somewhere, collides with another, is of a
            foreign format, or is used without being listed.
    """
    for name in manifest.files:
        _check_name(folder, name)
    _check_collisions(folder, manifest)
    referenced = set(manifest.tokenizer)
    for module, artifact in manifest.modules.items():
        referenced.update(artifact.weights)
        expected = _GRAPH_SUFFIX.get(manifest.format, "no graph")
        for graph in (*([] if artifact.graph is None else [artifact.graph]), *artifact.pieces):
            referenced.add(graph)
            if PurePosixPath(graph).suffix != expected:
                raise BundleError(
                    f"{folder}: expected {expected} for {module} in format {manifest.format}, found "
                    f"{_shown(graph)}. Get the bundle again."
                )
        if artifact.pieces and (artifact.graph is None or manifest.format is not Format.COREML):
            raise BundleError(
                f"{folder}: expected pieces of a module after its graph in format {Format.COREML} alone, found some of "
                f"{module}. Get the bundle again."
            )
    unlisted = sorted(referenced - manifest.files.keys())
    if unlisted:
        raise BundleError(
            f"{folder}: the manifest uses {_shown(unlisted[0])} but does not list it. Get the bundle again."
        )


def _check_name(folder: Path, name: str) -> None:
    plain = len(name) <= _LONGEST and all(is_plain(part) for part in name.split("/"))
    # A disk that ignores case would take Manifest.json for the manifest.
    if not plain or name.casefold() == MANIFEST:
        raise BundleError(
            f"{folder}: expected plain file names inside the bundle, found {_shown(name)}. Do not use this bundle."
        )
    if PurePosixPath(name).suffix not in _SUFFIXES:
        raise BundleError(
            f"{folder}: expected only {', '.join(sorted(_SUFFIXES))} files, found {_shown(name)}. "
            "Do not use this bundle."
        )


def _check_collisions(folder: Path, manifest: Manifest) -> None:
    spelled = {MANIFEST: MANIFEST}
    for name in manifest.files:
        path = PurePosixPath(name)
        # A folder is marked, so that it differs from a file of its name.
        for part in [name, *(f"{parent}/" for parent in path.parents[:-1])]:
            key = part.rstrip("/").casefold()
            if spelled.setdefault(key, part) != part:
                raise BundleError(
                    f"{folder}: {_shown(spelled[key])} and {_shown(part)} differ only in case, or one is a file and "
                    "the other a folder, which some disks cannot hold. Get the bundle again."
                )


def _shown(name: str) -> str:
    return ascii(name if len(name) <= 120 else f"{name[:60]}...{name[-60:]}")
