"""Which bundle is meant: a folder, the name of one in the store, or the sample that ships."""

from pathlib import Path

from pia_edge import sample
from pia_edge.bundle.names import MANIFEST, SAMPLE, is_plain
from pia_edge.bundle.store import Store
from pia_edge.errors import BundleError


def find_bundle(given: Path | str | None) -> Path:
    """Return the folder that ``given`` means; that a bundle lies in it is checked when it is opened.

    None means the sample that ships. Anything else is a folder, or else the name of a bundle in the store, where
    ``sample`` is the one that ships. A path with a separator is never such a name, and a folder that is no bundle
    does not hide one of the store.

    Raises:
        BundleError: neither a folder nor the store has it; or the store cannot be read.
    """
    if given is None:
        return sample.path()
    folder, name = Path(given), str(given)
    if not is_plain(name) or (folder / MANIFEST).is_file():
        return folder
    if name == SAMPLE:
        return sample.path()
    store = Store.open()
    if name in store.names():
        return store.path(name)
    if folder.is_dir():
        return folder
    raise BundleError(
        f"{name}: expected a bundle, found neither a folder of this name here nor one in the store. "
        f"{store.advice(name)}"
    )
