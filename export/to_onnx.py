"""A reference bundle to an ONNX bundle, every module proven equal before the bundle exists."""

import contextlib
import io
import logging
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import onnx
import torch
from onnxscript import optimizer
from torch.export import Dim

from pia_edge.backend import Backend
from pia_edge.bundle import MANIFEST, Bundle, write_manifest
from pia_edge.bundle.manifest import Artifact, Format, Parity
from pia_edge.bundle.names import is_bundle_file
from pia_edge.errors import BundleError, ParityError
from pia_edge.export.onnx_weights import move_weights
from pia_edge.export.parity import Difference, check, example_inputs
from pia_edge.files import write_folder_atomically
from pia_edge.modules import MODULES, Module
from pia_edge.nn.reference_modules import build
from pia_edge.runtimes import BACKENDS

OPSET = 20
"""The first opset with Gelu as one operator; both runtimes fuse the rest of it."""

MINIMUM_DB = 100.0
"""Float32 against float32: what remains is the order of additions."""

_FREE_AXES = {"batch", "planes", "frames", "height", "width", "latent_height", "latent_width"}


def export_onnx(
    reference: Bundle,
    path: Path,
    *,
    overwrite: bool = False,
    on_module: Callable[[Module, Difference], None] | None = None,
) -> Bundle:
    """Write the ONNX bundle of ``reference`` into the folder ``path`` and return it opened.

    Frames, height and width stay free. Weights lie beside the graphs, spatial and temporal in separate files.

    Args:
        reference: a bundle of format ``torch``.
        path: folder to make.
        overwrite: replace an older bundle.
        on_module: called with each module's parity as soon as it is proven.

    Raises:
        BundleError: ``reference`` is not a reference bundle.
        ParityError: a module differs from the reference, or no runtime is installed to compare it in.
        OutputError: the folder cannot be written.
    """
    if reference.manifest.format is not Format.TORCH:
        raise BundleError(f"{reference.path}: expected a reference bundle, found format {reference.manifest.format}.")

    def write(folder: Path) -> None:
        artifacts = {module: _export_module(reference, module, folder) for module in MODULES}
        for name in reference.manifest.tokenizer:
            shutil.copyfile(reference.path / name, folder / name)
        manifest = msgspec.structs.replace(reference.manifest, format=Format.ONNX, modules=artifacts, network=None)
        write_manifest(folder, manifest)
        parity = prove(Bundle.open(folder), reference, on_module)
        (folder / MANIFEST).unlink()
        write_manifest(folder, msgspec.structs.replace(manifest, parity=parity))

    write_folder_atomically(path, write, overwrite=overwrite, replaceable=is_bundle_file)
    return Bundle.open(path)


def prove(
    candidate: Bundle, reference: Bundle, on_module: Callable[[Module, Difference], None] | None
) -> dict[Module, Parity]:
    """Compare every module in every runtime that is installed; return the worst difference of each.

    Raises:
        ParityError: a module is below ``MINIMUM_DB``, or there is no runtime to compare in.
    """
    backends = [backend for make in BACKENDS.values() if _runs_here(backend := make(), candidate)]
    if not backends:
        raise ParityError("No ONNX runtime is installed to prove the export in. Run: pip install 'pia-edge[cpu]'")
    truth = BACKENDS["reference"]()
    parity = {}
    for module in MODULES:
        expected = truth.load(reference, module, "cpu")
        worst = Difference(psnr_db=float("inf"), max_abs_error=0.0)
        for backend in backends:
            session = backend.load(candidate, module, "CPU")
            worst = worst.worse(check(module, session, expected, reference, MINIMUM_DB))
        runtime = ", ".join(backend.name for backend in backends)
        parity[module] = Parity(psnr_db=worst.psnr_db, max_abs_error=worst.max_abs_error, runtime=runtime)
        if on_module:
            on_module(module, worst)
    return parity


def _runs_here(backend: Backend, bundle: Bundle) -> bool:
    return bundle.manifest.format in backend.formats and backend.unavailable() is None


def _export_module(reference: Bundle, module: Module, folder: Path) -> Artifact:
    model = _to_graph(reference, module)
    weights = move_weights(model, module, folder)
    graph = f"{module}.onnx"
    onnx.save(model, folder / graph)
    onnx.checker.check_model(folder / graph)
    return Artifact(graph=graph, weights=weights)


def _to_graph(reference: Bundle, module: Module) -> Any:
    spec = MODULES[module]
    given = example_inputs(reference, module, frames=6, height=12, width=20, seed=0)
    shapes = tuple(
        {axis: Dim.AUTO for axis, name in enumerate(tensor.axes) if name in _FREE_AXES} for tensor in spec.inputs
    )
    with _quiet():
        program = torch.onnx.export(
            build(reference, module).eval(),
            tuple(torch.from_numpy(given[tensor.name]) for tensor in spec.inputs),
            dynamo=True,
            optimize=False,
            opset_version=OPSET,
            dynamic_shapes=shapes,
            input_names=[tensor.name for tensor in spec.inputs],
            output_names=[tensor.name for tensor in spec.outputs],
            verbose=False,
        )
        if program is None:
            raise BundleError(f"{reference.path}: torch exported nothing for {module}. Update torch.")
        # Weights keep their names and layout, so that they can be sorted into files and recognised later.
        optimizer.optimize_ir(program.model, should_fold=_folds)
    model = program.model_proto
    _strip(model)
    return model


def _strip(model: Any) -> None:
    """Remove the exporter's notes: they hold source lines and paths of this machine, and most of the file's size."""
    del model.metadata_props[:]
    del model.graph.metadata_props[:]
    del model.graph.value_info[:]
    for item in (*model.graph.node, *model.graph.initializer, *model.graph.input, *model.graph.output):
        item.ClearField("doc_string")
        del item.metadata_props[:]


def _folds(node: Any) -> bool | None:
    reads_weight = any(value is not None and value.is_initializer() for value in node.inputs)
    return False if reads_weight else None


@contextlib.contextmanager
def _quiet() -> Any:
    """Hide the exporter's progress, its notes on packages we do not use, and its own deprecations."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
