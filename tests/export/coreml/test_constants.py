"""Compressed weights as coremltools compresses them: the evaluator restores what coremltools does."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from pia_edge.export.coreml.convert import quiet
from pia_edge.export.coreml.evaluator import Evaluator
from pia_edge.export.coreml.program import read_programs
from tests.export.coreml.programs import convert, save

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from coremltools.optimize import coreml as optimize

SETTINGS: dict[str, Any] = {
    **{
        f"{bits} bits": optimize.OpPalettizerConfig(mode="uniform", nbits=bits, weight_threshold=1)
        for bits in (1, 2, 3, 4, 6, 8)
    },
    "6 bits for 16 channels": optimize.OpPalettizerConfig(
        mode="uniform", nbits=6, granularity="per_grouped_channel", group_size=16, weight_threshold=1
    ),
    "8 bits a channel": optimize.OpLinearQuantizerConfig(dtype="int8", weight_threshold=1),
    "4 bits a block": optimize.OpLinearQuantizerConfig(
        dtype="uint4", mode="linear", granularity="per_block", block_size=32, weight_threshold=1
    ),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_compressed_by_coremltools(name: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    network, given = nn.Linear(64, 32), torch.eye(64)
    is_palette = isinstance(SETTINGS[name], optimize.OpPalettizerConfig)
    compress = optimize.palettize_weights if is_palette else optimize.linear_quantize_weights
    with quiet():
        model = compress(convert(network, (given,)), optimize.OptimizationConfig(global_config=SETTINGS[name]))
        whole = optimize.decompress_weights(model)
    results = []
    for number, each in enumerate((model, whole)):
        (program,) = read_programs(save(each, tmp_path / f"{number}.mlpackage")).values()
        results.append(Evaluator(program).run({program.inputs[0].name: given.numpy()})[0])
        kinds = {operation.kind for operation in program.operations}
        assert any(kind.startswith("constexpr") for kind in kinds) == (each is model)
    np.testing.assert_allclose(results[0], results[1], atol=1e-6)
    assert not np.array_equal(results[1], network(given).detach().numpy()), "something was lost"
