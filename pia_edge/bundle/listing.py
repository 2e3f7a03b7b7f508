"""What can be said of every bundle at hand without reading its weights: the sample first, then those of the store."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from pia_edge import sample
from pia_edge.bundle.manifest import Manifest
from pia_edge.bundle.names import SAMPLE
from pia_edge.bundle.opening import read_manifest
from pia_edge.bundle.store import Store
from pia_edge.errors import BundleError


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One bundle; of one that cannot be read, its name and what is wrong with it."""

    name: str
    path: Path | None = None
    manifest: Manifest | None = None
    sha256: str | None = None
    size: int = 0
    """Bytes on the disk; content that it holds twice counts once."""
    own: int = 0
    """Of these, the bytes that removing it would free."""
    problem: str | None = None

    @property
    def ships(self) -> bool:
        """Whether it is the sample, which cannot be removed."""
        return self.name == SAMPLE


def list_bundles(store: Store) -> Iterator[Listed]:
    """Yield the sample, then the bundles of ``store`` by name.

    Raises:
        BundleError: the store cannot be read.
    """
    yield _listed(SAMPLE, store)
    for name in store.names():
        yield _listed(name, store)


def _listed(name: str, store: Store) -> Listed:
    try:
        folder = sample.path() if name == SAMPLE else store.path(name)
        manifest, sha256 = read_manifest(folder)
        if name == SAMPLE:
            size, own = manifest.num_bytes, 0
        else:
            usage = store.usage(name)
            size, own = usage.size, usage.own
    except BundleError as error:
        return Listed(name=name, problem=str(error))
    return Listed(name=name, path=folder, manifest=manifest, sha256=sha256, size=size, own=own)
