"""Questions about bundles, about what this machine runs them on, and about models that become bundles."""

from pathlib import Path
from typing import Literal

import msgspec

from pia_edge.bundle.listing import Listed

Target = Literal["openvino", "onnx", "coreml"]
Precision = Literal["fp32", "fp16", "int8", "int4", "w8a8", "palette8", "palette6", "palette4"]


class ListBundles(msgspec.Struct, frozen=True, tag=True):
    """Which bundles there are."""


class BundlesListed(msgspec.Struct, frozen=True, tag=True):
    """The answer to :class:`ListBundles`: the sample first; manifests without their lists of files and networks."""

    bundles: tuple[Listed, ...]


class LookAtBundle(msgspec.Struct, frozen=True, tag=True):
    """What a folder or a ``.pia.zip`` would be in the store; nothing but its manifest is read."""

    source: Path


class BundleSeen(msgspec.Struct, frozen=True, tag=True):
    """The answer to :class:`LookAtBundle`."""

    source: Path
    name: str
    """What it would be called."""
    size: int
    """Bytes of its files."""
    taken: bool
    """Whether the store has another bundle of this name."""
    same_as: str | None
    """The bundle of the store, or the sample, that this is a copy of."""
    free_name: str
    """A name like its own that is not taken."""


class AddBundle(msgspec.Struct, frozen=True, tag=True):
    """Check a folder or a ``.pia.zip``, and copy it into the store."""

    source: Path
    name: str | None = None
    overwrite: bool = False


class BundleAdded(msgspec.Struct, frozen=True, tag=True):
    """The answer to :class:`AddBundle`, :class:`ImportModels` and :class:`ExportBundle`."""

    name: str


class VerifyBundle(msgspec.Struct, frozen=True, tag=True):
    """Whether every file of a bundle is as its manifest says."""

    bundle: str | None


class BundleVerified(msgspec.Struct, frozen=True, tag=True):
    """The answer to :class:`VerifyBundle` where it is; a ``BundleError`` says what is not."""

    sha256: str
    num_files: int


class RemoveBundle(msgspec.Struct, frozen=True, tag=True):
    """Remove a bundle from the store."""

    name: str


class BundleRemoved(msgspec.Struct, frozen=True, tag=True):
    """The answer to :class:`RemoveBundle`."""

    freed: int
    """Bytes."""


class ListDevices(msgspec.Struct, frozen=True, tag=True):
    """Which backends and devices there are, for a bundle."""

    bundle: str | None = None


class BackendState(msgspec.Struct, frozen=True):
    """One backend on this machine; see :class:`pia_edge.runtimes.survey.BackendState`."""

    backend: str
    devices: tuple[str, ...]
    refused: str | None


class DevicesListed(msgspec.Struct, frozen=True, tag=True):
    """The answer to :class:`ListDevices`, preferred backends first."""

    backends: tuple[BackendState, ...]
    automatic: str | None
    """The backend that ``auto`` stands for."""


class TryBackend(msgspec.Struct, frozen=True, tag=True):
    """Whether every device of a backend computes what the processor does, as ``pia-edge doctor`` asks."""

    backend: str
    bundle: str | None = None


class BackendTried(msgspec.Struct, frozen=True, tag=True):
    """The answer to :class:`TryBackend`."""

    passed: bool
    report: str
    """Lines to read and to paste; they hold no names of files."""


class FindExtra(msgspec.Struct, frozen=True, tag=True):
    """Whether models can be imported and exported here."""


class ExtraFound(msgspec.Struct, frozen=True, tag=True):
    """The answer to :class:`FindExtra`."""

    missing: tuple[str, ...]
    """Libraries that importing and exporting need and that are not installed."""
    install: str
    """What installs them."""
    targets: tuple[Target, ...]
    """Formats that can be written here, preferred first."""


class Ingredient(msgspec.Struct, frozen=True):
    """A LoRA and its strength."""

    path: Path
    scale: float = 1.0


class AddedWord(msgspec.Struct, frozen=True):
    """A textual-inversion embedding, and the word that calls it; None for the word in the file."""

    path: Path
    word: str | None = None


class ModelChoice(msgspec.Struct, frozen=True, kw_only=True):
    """Models to make a reference bundle of; the fields mean what those of the importer's ``ImportRequest`` mean."""

    base: Path | None = None
    pia: Path | None = None
    vae: Path | None = None
    tiny_decoder: Path | None = None
    loras: tuple[Ingredient, ...] = ()
    embeddings: tuple[AddedWord, ...] = ()
    conv_in: Literal["base", "pia"] | None = None
    name: str | None = None
    allow_pickle: bool = False


class PlanImport(msgspec.Struct, frozen=True, tag=True):
    """What the files are, and what would be made of them; nothing is written."""

    choice: ModelChoice


class ImportPlanned(msgspec.Struct, frozen=True, tag=True):
    """The answer to :class:`PlanImport`."""

    lines: tuple[str, ...]
    name: str
    """What the bundle would be called."""
    size: int
    """Bytes of its weights."""


class ImportModels(msgspec.Struct, frozen=True, tag=True):
    """Make a reference bundle in the store."""

    choice: ModelChoice
    overwrite: bool = False


class ExportBundle(msgspec.Struct, frozen=True, tag=True):
    """Export a reference bundle into the store, and prove it equal."""

    reference: str
    target: Target
    precision: Precision
    name: str
    """Of the bundle that is made."""
    overwrite: bool = False


ModelQuestion = (
    ListBundles
    | LookAtBundle
    | AddBundle
    | VerifyBundle
    | RemoveBundle
    | ListDevices
    | TryBackend
    | FindExtra
    | PlanImport
    | ImportModels
    | ExportBundle
)
ModelReply = (
    BundlesListed
    | BundleSeen
    | BundleAdded
    | BundleVerified
    | BundleRemoved
    | DevicesListed
    | BackendTried
    | ExtraFound
    | ImportPlanned
)
