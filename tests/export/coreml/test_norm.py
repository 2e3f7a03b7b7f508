"""GroupNorm in float16: what plain operations lose, and what ours keep."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from pia_edge.export.coreml.compute import float16_selector
from pia_edge.export.coreml.convert import quiet
from pia_edge.export.coreml.evaluator import Evaluator
from pia_edge.export.coreml.evaluator_arguments import Sums
from pia_edge.export.coreml.norm import use_scale_and_shift
from pia_edge.export.coreml.program import read_programs
from pia_edge.export.parity import difference
from pia_edge.nn.norm import FrameGroupNorm
from tests.export.coreml.programs import convert, save

FRAMES = 4


class Normed(nn.Module):
    def __init__(self, pooled: bool) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.norm = FrameGroupNorm(4, 16, eps=1e-5, pooled=pooled)
        self.norm.weight.data.normal_()
        self.norm.bias.data.normal_()

    def forward(self, x: Tensor) -> Tensor:
        hidden: Tensor = self.norm(x, FRAMES)
        return hidden


@pytest.mark.parametrize("pooled", [False, True])
@pytest.mark.parametrize("sums", Sums)
def test_large_activations_survive_float16(pooled: bool, sums: Sums, tmp_path: Path) -> None:
    """Their squares are beyond float16; the plain form gives infinity or nothing but the bias."""
    import coremltools as ct

    x = torch.from_numpy(np.random.default_rng(0).standard_normal((FRAMES, 16, 24, 24), dtype=np.float32)) * 600 + 900
    network = Normed(pooled).eval()
    expected = network(x).detach().numpy()
    if not pooled:
        plain = found(save(convert(network, (x,), half=True), tmp_path / "plain.mlpackage"), x, sums)
        assert not np.isfinite(plain).all() or difference([plain], [expected]).psnr_db < 30
    use_scale_and_shift(network)
    with quiet(), torch.no_grad():
        program = torch.export.export(network, (x,)).run_decompositions({})
        half = ct.transform.FP16ComputePrecision(op_selector=float16_selector(lambda _name, _shape: False))
        target = ct.target.iOS18
        model = ct.convert(program, minimum_deployment_target=target, compute_precision=half, skip_model_load=True)
    ours = found(save(model, tmp_path / "ours.mlpackage"), x, sums)
    assert difference([ours], [expected]).psnr_db > 55


def found(package: Path, x: Tensor, sums: Sums) -> np.ndarray:
    (program,) = read_programs(package).values()
    (result,) = Evaluator(program, sums).run({"x": x.numpy()})
    return result
