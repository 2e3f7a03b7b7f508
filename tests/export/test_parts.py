"""One motion module, and the condition module, as bundles of their own: for every target, proven like whole ones."""

from pathlib import Path

import onnx
import pytest
import torch

from pia_edge import AnimationPipeline
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize, Format
from pia_edge.cli import main
from pia_edge.errors import BundleError
from pia_edge.export import TARGETS, Precision, Recipe, export
from pia_edge.export.comparison import compare
from pia_edge.export.conversion import Conversion, Range
from pia_edge.export.gate import comparing_backend
from pia_edge.export.parity import example_inputs
from pia_edge.export.to_onnx import convert
from pia_edge.modules import MODULES, Module, border
from pia_edge.nn.reference_modules import build
from pia_edge.runtimes import BACKENDS

PARTS = (Module.CONDITION, Module.MOTION_MODULE)
CLIP = ClipSize(frames=4, width=64, height=48)


def test_it_is_the_first_of_the_unet(tiny: Bundle) -> None:
    """Given what it is given inside the UNet it returns what it returns there."""
    unet = build(tiny, Module.UNET).eval()
    seen: list[tuple[torch.Tensor, torch.Tensor]] = []
    inside = unet.get_submodule("down_blocks.0.motion_modules.0")
    inside.register_forward_hook(lambda _layer, given, found: seen.append((given[0], found)))
    inputs = example_inputs(tiny, Module.UNET, frames=3, height=8, width=8, seed=0)
    alone = build(tiny, Module.MOTION_MODULE).eval()
    with torch.inference_mode():
        unet(*(torch.from_numpy(inputs[spec.name]) for spec in border(Module.UNET).inputs))
        (given, expected), *_ = seen
        clip = given.unflatten(0, (2, 3)).transpose(1, 2)
        found = alone(clip).transpose(1, 2).flatten(0, 1)
    assert torch.equal(found, expected)
    names = {name for name, _ in unet.named_parameters()}
    assert {name for name, _ in alone.named_parameters()} < names


@pytest.mark.parametrize("target", TARGETS)
def test_parts(target: Format, tiny: Bundle, tmp_path: Path) -> None:
    clips = (CLIP,) if target is Format.COREML else ()
    recipe = Recipe(precision=Precision.FP16)
    bundle = export(tiny, tmp_path / "part", target=target, recipe=recipe, clips=clips, modules=PARTS)
    assert bundle.manifest.modules.keys() == bundle.manifest.parity.keys() == set(PARTS)
    assert bundle.manifest.run_parity is None
    found = compare(bundle, comparing_backend(bundle), tiny, BACKENDS["reference"]())
    assert found.modules.keys() == set(PARTS)
    assert min(report.psnr_db for report in found.modules.values()) > 50
    assert found.run is None
    with pytest.raises(BundleError, match="cannot animate by itself"):
        AnimationPipeline(bundle, BACKENDS["reference"]())


def test_eight_bit_inputs(papers: Bundle, tmp_path: Path) -> None:
    """Layers keep the names they have in the UNet, by which their ranges are known."""
    feed_forward = "down_blocks.0.motion_modules.0.transformer_blocks.0.ff.net.2.weight"
    recipe, ranges = Recipe(precision=Precision.W8A8), {feed_forward: Range(-3.0, 3.0)}
    artifact = convert(Conversion(papers, recipe, ranges=ranges), Module.MOTION_MODULE, tmp_path)
    graph = onnx.load(tmp_path / str(artifact.graph), load_external_data=False).graph
    assert [node.op_type for node in graph.node].count("QuantizeLinear") == 1
    assert f"{feed_forward}.stored" in {value.name for value in graph.initializer}


def test_on_the_command_line(tiny: Bundle, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "part")
    arguments = ["export", str(tiny.path), "--target", "onnx", "--only", "condition"]
    assert main(arguments) == 2
    assert "Say where with --output" in capsys.readouterr().err
    assert main([*arguments, "-o", out]) == 0
    assert capsys.readouterr().out == f"{out}\n"
    assert main(["parity", out, str(tiny.path)]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("condition ")
    assert main(["export", str(tiny.path), "--target", "onnx", "--only", "conditions", "-o", out]) == 2


def test_whole_bundles_have_no_parts(tiny_onnx: Bundle) -> None:
    assert tiny_onnx.manifest.modules.keys() == set(MODULES)
