"""Small programs that coremltools converts and writes by itself, for the evaluator to read."""

import json
import warnings
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from pia_edge.bundle.mlpackage import FOLDER, MANIFEST
from pia_edge.export.coreml.convert import quiet


def convert(network: nn.Module, inputs: tuple[Tensor, ...], *, half: bool = False) -> Any:
    """Return ``network`` as a coremltools model, in float32 or with everything in float16."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import coremltools as ct

    with quiet(), torch.no_grad():
        program = torch.export.export(network.eval(), inputs).run_decompositions({})
        return ct.convert(
            program,
            convert_to="mlprogram",
            minimum_deployment_target=ct.target.iOS18,
            compute_precision=ct.precision.FLOAT16 if half else ct.precision.FLOAT32,
            skip_model_load=True,
        )


def save(model: Any, path: Path) -> Path:
    """Write a coremltools model as the package ``path``, without what coremltools adds for a debugger."""
    with quiet():
        model.save(str(path))
    (path / "executorch_debug_handle_mapping.json").unlink(missing_ok=True)
    manifest = json.loads((path / MANIFEST).read_bytes())
    items = manifest["itemInfoEntries"].items()
    manifest["itemInfoEntries"] = {key: item for key, item in items if item["path"].startswith(FOLDER)}
    (path / MANIFEST).write_text(json.dumps(manifest))
    return path
