"""Our choice of rules does to a graph what all of onnxscript's do."""

from pathlib import Path

import onnx_ir as ir
import pytest
from onnxscript import optimizer

from pia_edge.bundle import Bundle
from pia_edge.export import Precision, Recipe, onnx_simplify, to_onnx
from pia_edge.export.conversion import Conversion
from pia_edge.modules import Module


def all_rules(model: ir.Model) -> None:
    optimizer.optimize_ir(model, should_fold=onnx_simplify._folds)


@pytest.mark.parametrize("module", [Module.VAE_ENCODER, Module.MOTION_MODULE])
def test_no_rule_is_missing(module: Module, tiny: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    conversion, graphs = Conversion(tiny, Recipe(precision=Precision.FP16)), []
    for simplify in (onnx_simplify.simplify, all_rules):
        monkeypatch.setattr(to_onnx, "simplify", simplify)
        folder = tmp_path / simplify.__name__
        folder.mkdir()
        to_onnx.convert(conversion, module, folder)
        graphs.append((folder / f"{module}.onnx").read_bytes())
    assert graphs[0] == graphs[1]
