"""Our choice of onnxscript's rules does to a graph what all of them do, and attention becomes one operator."""

from pathlib import Path

import onnx
import onnx_ir as ir
import pytest
from onnxscript import optimizer

from pia_edge.bundle import Bundle
from pia_edge.export import Precision, Recipe, onnx_simplify, to_onnx
from pia_edge.export.conversion import Conversion
from pia_edge.export.onnx_attention import whole_attention_rule
from pia_edge.modules import Module


def all_rules(model: ir.Model) -> None:
    optimizer.optimize_ir(model, should_fold=onnx_simplify._folds)


@pytest.mark.parametrize("module", [Module.VAE_ENCODER, Module.MOTION_MODULE])
def test_no_rule_is_missing(module: Module, tiny: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    conversion, graphs = Conversion(tiny, Recipe(precision=Precision.FP16)), []
    theirs = [rule for rule in onnx_simplify._RULES if rule is not whole_attention_rule]
    monkeypatch.setattr(onnx_simplify, "_RULES", theirs)
    for simplify in (onnx_simplify.simplify, all_rules):
        monkeypatch.setattr(to_onnx, "simplify", simplify)
        folder = tmp_path / simplify.__name__
        folder.mkdir()
        to_onnx.convert(conversion, module, folder)
        graphs.append((folder / f"{module}.onnx").read_bytes())
    assert graphs[0] == graphs[1]


@pytest.mark.parametrize(
    ("module", "attentions"), [(Module.UNET, 20), (Module.VAE_ENCODER, 1), (Module.VAE_DECODER, 1)]
)
def test_attention_is_one_operator(module: Module, attentions: int, tiny_onnx: Bundle) -> None:
    """Two for each of ten transformers: five of pictures, five of frames."""
    nodes = onnx.load(tiny_onnx.graph(module), load_external_data=False).graph.node
    found = [node for node in nodes if node.op_type == "Attention"]
    assert len(found) == attentions
    assert all({"q_num_heads", "kv_num_heads"} <= {each.name for each in node.attribute} for node in found)
    assert all(node.op_type != "Softmax" for node in nodes)
