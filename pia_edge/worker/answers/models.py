"""Questions about bundles: which there are, and what is added, checked and removed."""

from typing import TYPE_CHECKING

import msgspec

from pia_edge.errors import BundleError
from pia_edge.worker.model_questions import (
    AddBundle,
    BundleAdded,
    BundleRemoved,
    BundleSeen,
    BundlesListed,
    BundleVerified,
    LookAtBundle,
    RemoveBundle,
    VerifyBundle,
)

if TYPE_CHECKING:
    from pia_edge.bundle.listing import Listed
    from pia_edge.bundle.manifest import Manifest
    from pia_edge.worker.answering import Listener


def list_bundles() -> BundlesListed:
    """Return the sample and the bundles of the store.

    Raises:
        BundleError: the store cannot be read.
    """
    from pia_edge.bundle import listing
    from pia_edge.bundle.store import Store

    return BundlesListed(tuple(map(_without_files, listing.list_bundles(Store.open()))))


def look_at_bundle(question: LookAtBundle) -> BundleSeen:
    """Return what the bundle would be in the store.

    Raises:
        BundleError: it is no bundle, or the store cannot be read.
    """
    from pia_edge.bundle import listing
    from pia_edge.bundle.names import made_plain
    from pia_edge.bundle.store import Store

    manifest, sha256 = _manifest_of(question)
    name = made_plain(manifest.name) or "bundle"
    there = list(listing.list_bundles(Store.open()))
    # Names that differ in case alone are one name on some disks.
    names = {each.name.casefold() for each in there}
    return BundleSeen(
        source=question.source,
        name=name,
        size=manifest.num_bytes,
        taken=name.casefold() in names,
        same_as=next((each.name for each in there if each.sha256 == sha256), None),
        free_name=_free_name(name, names),
    )


def add_bundle(question: AddBundle, listener: "Listener") -> BundleAdded:
    """Copy a bundle into the store.

    Raises:
        Cancelled, BundleError, RequestError, OutputError: as :func:`pia_edge.bundle.archive.add_bundle`.
    """
    from pia_edge.bundle import archive
    from pia_edge.bundle.store import Store

    added = archive.add_bundle(
        Store.open(),
        question.source,
        question.name,
        overwrite=question.overwrite,
        on_step=listener.on_step,
        cancel=listener.token,
    )
    return BundleAdded(added.path.name)


def verify_bundle(question: VerifyBundle, listener: "Listener") -> BundleVerified:
    """Check every file of a bundle.

    Raises:
        BundleError: there is none, or a file is not as it should be.
        Cancelled: the listener asked to stop.
    """
    from pia_edge.bundle import Bundle
    from pia_edge.bundle.find import find_bundle

    found = Bundle.open(find_bundle(question.bundle), on_step=listener.on_step, cancel=listener.token)
    return BundleVerified(found.sha256, len(found.manifest.files))


def remove_bundle(question: RemoveBundle) -> BundleRemoved:
    """Remove a bundle from the store.

    Raises:
        BundleError: there is none of this name, or it is the sample.
        OutputError: the disk refuses.
    """
    from pia_edge.bundle.names import SAMPLE
    from pia_edge.bundle.store import Store

    if question.name == SAMPLE:
        raise BundleError("Expected a bundle of the store, found the sample, which ships with PIA Edge. It stays.")
    return BundleRemoved(Store.open().remove(question.name))


def _without_files(listed: "Listed") -> "Listed":
    """What a window shows of a bundle; the rest may be a megabyte each."""
    if listed.manifest is None:
        return listed
    shown = msgspec.structs.replace(listed.manifest, files={}, network=None, affinity_statistics=None)
    return msgspec.structs.replace(listed, manifest=shown)


def _manifest_of(question: LookAtBundle) -> "tuple[Manifest, str]":
    from pia_edge.bundle import read_manifest
    from pia_edge.bundle.archive import open_archive

    if not question.source.is_file():
        return read_manifest(question.source)
    with open_archive(question.source) as archive:
        return archive.manifest, archive.sha256


def _free_name(name: str, names: set[str]) -> str:
    number = 2
    while (candidate := f"{name[:110]}-{number}").casefold() in names:
        number += 1
    return candidate if name.casefold() in names else name
