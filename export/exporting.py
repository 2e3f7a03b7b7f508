"""Exporting: a reference bundle to a bundle of another format, proven before it exists."""

import hashlib
import importlib.metadata
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from pia_edge._version import __version__
from pia_edge.backend import Backend
from pia_edge.bundle import Bundle, write_manifest
from pia_edge.bundle.layout import layout_of
from pia_edge.bundle.manifest import ClipSize, Format, Manifest
from pia_edge.bundle.names import is_bundle_file
from pia_edge.cancel import CancelToken
from pia_edge.errors import BundleError, ParityError
from pia_edge.export.conversion import Conversion, Range
from pia_edge.export.gate import prove_module, prove_run, proving_backend
from pia_edge.export.journal import Finished, Work, discard, work_on
from pia_edge.export.precision import Precision
from pia_edge.export.recipe import WITH_INPUTS, Recipe
from pia_edge.export.targets import TARGETS
from pia_edge.files import check_folder_target, write_folder_atomically
from pia_edge.modules import Module, whole
from pia_edge.progress import OnStep, Pace, Stage

OnModule = Callable[[Module, Finished], None]


def export(
    reference: Bundle,
    path: Path,
    *,
    target: Format,
    recipe: Recipe,
    clips: tuple[ClipSize, ...] = (),
    piece_size: int | None = None,
    modules: Sequence[Module] | None = None,
    overwrite: bool = False,
    on_step: OnStep | None = None,
    on_module: OnModule | None = None,
    cancel: CancelToken | None = None,
) -> Bundle:
    """Write the bundle of ``reference`` in the format ``target`` into the folder ``path`` and return it opened.

    If it is interrupted, the modules that are finished are kept in a hidden folder beside ``path``, and the same call
    goes on from there.

    Args:
        reference: a bundle of format ``torch``.
        path: folder to make.
        target: a key of ``TARGETS``.
        recipe: how each weight is stored.
        clips: the only clips that the bundle is for; if empty, any size, where the target allows it.
        piece_size: bytes that a Core ML package may have: modules with more weights become several.
        modules: what to export; a bundle of a part can be compared and looked at, not animate. None for all.
        overwrite: replace an older bundle.
        on_step: told when a module is converted, and when one is proven.
        on_module: told what is known of each module once it is proven.
        cancel: stops the work between two modules.

    Raises:
        BundleError: ``reference`` is not a reference bundle, or ``target`` is no target.
        RequestError: the target cannot store weights as ``recipe`` says, or takes no such clips.
        ParityError: a module, or the whole, differs too much, or there is no runtime to compare in; nothing is left.
        OutputError: the folder cannot be written.
        Cancelled: ``cancel`` was used; the same call goes on where this one stopped.
    """
    if reference.manifest.format is not Format.TORCH:
        raise BundleError(f"{reference.path}: expected a reference bundle, found format {reference.manifest.format}.")
    if target not in TARGETS:
        raise BundleError(f"Expected a target out of {', '.join(TARGETS)}; found {target}.")
    clips = TARGETS[target].accepted(reference, recipe, clips, piece_size)
    check_folder_target(path, overwrite=overwrite, replaceable=is_bundle_file)
    backend = proving_backend(target)
    token = cancel or CancelToken()
    asked = dict.fromkeys(modules or whole(reference.manifest.modules))
    conversion = Conversion(reference, recipe, clips, piece_size=piece_size, modules=tuple(asked))
    with work_on(path, _key(conversion, target)) as work:
        conversion = replace(conversion, ranges=_ranges(work, conversion, on_step, token))
        _convert_all(work, conversion, target, on_step, token)
        try:
            manifest = _prove_all(work, conversion, target, backend, on_step, on_module, token)
        except ParityError:
            discard(work)
            raise

        def move(folder: Path) -> None:
            shutil.copytree(work.bundle, folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
            write_manifest(folder, manifest)

        write_folder_atomically(path, move, overwrite=overwrite, replaceable=is_bundle_file)
    return Bundle.open(path)


def _ranges(work: Work, conversion: Conversion, on_step: OnStep | None, token: CancelToken) -> Mapping[str, Range]:
    """What the layers are given, if a module that needs it is still to be converted."""
    reference, recipe = conversion.reference, conversion.recipe
    waiting = {module for module in conversion.modules if work.finished(module) is None}
    if recipe.precision is not Precision.W8A8 or waiting.isdisjoint(WITH_INPUTS):
        return {}
    from pia_edge.export.calibration import measure_ranges

    return measure_ranges(reference, recipe, on_step=on_step, cancel=token)


def _convert_all(
    work: Work, conversion: Conversion, target: Format, on_step: OnStep | None, token: CancelToken
) -> None:
    pace = Pace(Stage.CONVERT, len(conversion.modules), on_step)
    converter = TARGETS[target].converter()
    for count, module in enumerate(conversion.modules, start=1):
        token.check()
        if work.finished(module) is None:
            work.remove_unfinished()
            work.finish(module, converter(conversion, module, work.bundle))
        pace.report(count)
    reference = conversion.reference
    for name in reference.manifest.tokenizer:
        shutil.copyfile(reference.path / name, work.bundle / name)


def _prove_all(
    work: Work,
    conversion: Conversion,
    target: Format,
    backend: Backend,
    on_step: OnStep | None,
    on_module: OnModule | None,
    token: CancelToken,
) -> Manifest:
    """Prove every module, and the UNet over a run; return the finished manifest but for the list of files."""
    reference, modules = conversion.reference, conversion.modules
    artifacts = {module: _done(work, module).artifact for module in modules}
    manifest = msgspec.structs.replace(
        reference.manifest,
        format=target,
        modules=artifacts,
        network=None,
        layout=layout_of(reference.manifest),
        clips=conversion.clips,
        second_picture="gains" in conversion.free_axes,
    )
    write_manifest(work.bundle, manifest)
    candidate = Bundle.open(work.bundle)
    runs = Module.UNET in modules
    pace = Pace(Stage.PROVE, len(modules) + runs, on_step)
    for count, module in enumerate(modules, start=1):
        token.check()
        done = _done(work, module)
        if done.parity is None:
            done = work.finish(module, done.artifact, prove_module(candidate, reference, module, backend))
        if on_module is not None:
            on_module(module, done)
        pace.report(count)
    token.check()
    run = prove_run(candidate, reference, backend) if runs else None
    pace.report(len(modules) + runs)
    parity = {module: done.parity for module in modules if (done := _done(work, module)).parity is not None}
    return msgspec.structs.replace(manifest, parity=parity, run_parity=run)


def _done(work: Work, module: Module) -> Finished:
    done = work.finished(module)
    if done is None:
        raise TypeError(f"{module} was converted before")
    return done


def _key(conversion: Conversion, target: Format) -> str:
    """What decides the bytes of an export: two exports of one key may share their work."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in TARGETS[target].libraries]
    asked = (conversion.recipe, conversion.clips, conversion.piece_size, conversion.modules)
    encoded = [msgspec.json.encode(part, order="deterministic").decode() for part in asked]
    parts = [__version__, conversion.reference.sha256, target, *encoded]
    return hashlib.sha256("\n".join([*parts, *versions]).encode()).hexdigest()
