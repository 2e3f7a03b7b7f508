"""Carrying out a plan: the bundle is written beside its place, tensor by tensor, and appears whole or not at all."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pia_edge.bundle import Bundle, write_manifest
from pia_edge.bundle.names import SAMPLE, is_bundle_file, is_plain, made_plain
from pia_edge.bundle.store import Store
from pia_edge.cancel import CancelToken
from pia_edge.errors import OutputError
from pia_edge.files import check_folder_target, explained, write_folder_atomically
from pia_edge.importer.description import TOKENIZER, describe
from pia_edge.importer.plan import Plan, make_plan
from pia_edge.importer.provenance import kept_sources, source_files
from pia_edge.importer.request import ImportRequest
from pia_edge.importer.safetensors_writer import write_pieces
from pia_edge.progress import OnStep, Stage, megabytes

# What the manifest, the vocabulary and the disk's own bookkeeping take beside the weights.
_SPARE_BYTES = 2**24


def import_bundle(
    request: ImportRequest,
    path: Path | str | None = None,
    *,
    overwrite: bool = False,
    on_step: OnStep | None = None,
    cancel: CancelToken | None = None,
) -> Bundle:
    """Write the reference bundle that ``request`` asks for, and return it opened.

    Args:
        request: models, and what is fused into them.
        path: folder to make; None for the user's own bundles, under the request's name or the base model's.
        overwrite: replace an older bundle there.
        on_step: told how many MB of the sources are read, and of the bundle written.
        cancel: stops the work within a tensor when cancelled from another thread.

    Raises:
        ModelError: a file is missing, damaged, of the wrong kind, or does not fit the others.
        OutputError: the bundle cannot be written; nothing of it is left.
        BundleError: the bundle to change cannot be opened.
        Cancelled: ``cancel`` was used.
    """
    token = cancel or CancelToken()
    target = Path(path) if path is not None else None
    if target is not None:
        check_folder_target(target, overwrite=overwrite, replaceable=is_bundle_file)
    plan = make_plan(request)
    name = bundle_name(plan)
    # The manifest is written last; what it cannot say is refused before gigabytes are written.
    describe(plan, name, ())

    def write(folder: Path) -> None:
        _write(plan, name, folder, on_step, token)

    if target is None:
        store = Store.open()
        _check_space(plan, store.root)
        return store.write(name, write, overwrite=overwrite)
    _check_space(plan, target.parent)
    return _write_folder(target, write, overwrite=overwrite)


def _write_folder(target: Path, write: Callable[[Path], None], *, overwrite: bool) -> Bundle:
    """Write the bundle ``target``, which takes the place of an older one only once it was opened."""
    opened: list[Bundle] = []

    def fill(folder: Path) -> None:
        write(folder)
        opened.append(replace(Bundle.open(folder), path=target.absolute()))

    write_folder_atomically(target, fill, overwrite=overwrite, replaceable=is_bundle_file)
    return opened[0]


def bundle_name(plan: Plan) -> str:
    """Return what the bundle is called: as asked, or like the base model and the LoRAs fused into it."""
    request = plan.ingredients.request
    if request.name is not None:
        return request.name
    stem = _plain_stem(request.base or request.bundle or Path("imported"))
    made = made_plain("-".join([stem, *(lora.file.path.stem for lora in plan.loras)]))
    return made if is_plain(made) and made != SAMPLE else "imported"


def _plain_stem(path: Path) -> str:
    """The name of a model: of its file or folder, or of its repository in Hugging Face's cache."""
    repository = next((part for part in path.absolute().parts if part.startswith("models--")), None)
    if repository is not None:
        return repository.rpartition("--")[2]
    return path.resolve().name if path.is_dir() else path.stem


def _write(plan: Plan, name: str, folder: Path, on_step: OnStep | None, token: CancelToken) -> None:
    sources = source_files(plan)
    reading = megabytes(Stage.READ_SOURCES, sum(source.file.path.stat().st_size for source in sources), on_step, token)
    hashed = tuple(source.hashed(reading) for source in sources)
    writing = megabytes(Stage.WRITE_WEIGHTS, plan.num_bytes, on_step, token)
    for file_name, pieces in plan.files.items():
        write_pieces(folder / file_name, pieces, plan.precision.dtype, writing)
    for file_name in TOKENIZER:
        shutil.copyfile(plan.tokenizer / file_name, folder / file_name)
    write_manifest(folder, describe(plan, name, (*kept_sources(plan), *hashed)))


def _check_space(plan: Plan, folder: Path) -> None:
    needed = plan.num_bytes + _SPARE_BYTES
    with explained(folder):
        existing = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
        free = shutil.disk_usage(existing).free
    if free < needed:
        raise OutputError(
            f"{folder}: expected {needed / 1e9:.1f} GB of free space for the bundle, found {free / 1e9:.1f} GB. "
            "Free some space or choose another disk."
        )
