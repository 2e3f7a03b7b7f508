"""Exports that become bundles of the store."""

import shutil
from collections.abc import Callable
from pathlib import Path

from pia_edge.bundle import Bundle
from pia_edge.bundle.store import Store


def export_into_store(write: Callable[[Path], Bundle], name: str, *, overwrite: bool) -> Bundle:
    """Export through ``write``, which gets the folder to make, and return the bundle as ``name`` in the store.

    What an interrupted export has finished stays in the store's folder ``exports``, where the next one finds it.

    Raises:
        RequestError, OutputError: the store takes no bundle of this name; known before any work is done.
        PiaError: whatever ``write`` raises.
    """
    store = Store.open()
    store.check_new(name, overwrite=overwrite)
    folder = store.root / "exports" / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    exported = write(folder)
    bundle = store.add(exported.path, name, overwrite=overwrite)
    shutil.rmtree(folder)
    return bundle
