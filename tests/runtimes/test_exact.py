"""Sessions say whether they could be more exact, and what overflows in bfloat16 does not when they are."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import openvino
import pytest
from onnx import numpy_helper

from pia_edge.bundle import Bundle
from pia_edge.cancel import CancelToken
from pia_edge.device_choice import DeviceChoice
from pia_edge.export.parity import example_inputs
from pia_edge.loaded_modules import LoadedModules
from pia_edge.modules import Module
from pia_edge.runtimes import BACKENDS, intel
from pia_edge.runtimes.intel import Intel
from pia_edge.runtimes.reference import Reference
from tests.bundles import called

BFLOAT16 = openvino.Core().get_property("CPU", "INFERENCE_PRECISION_HINT").to_string() == "bf16"


@pytest.mark.parametrize(
    ("backend", "precision", "expected"),
    [
        ("cpu", "fp32", True),
        ("cpu", "fp16", True),
        ("cpu", "int8", False),
        ("cpu", "int4", False),
        ("intel", "fp32", True),
        ("intel", "fp16", not BFLOAT16),
        ("intel", "int8", False),
    ],
)
def test_who_can_be_more_exact(backend: str, precision: str, expected: bool, tiny: Bundle, tiny_onnx: Bundle) -> None:
    bundle, load = called(tiny_onnx, precision), BACKENDS[backend]().load
    inputs = example_inputs(tiny, Module.CONDITION, frames=1, height=8, width=8, seed=0)
    session, exact = load(bundle, Module.CONDITION), load(bundle, Module.CONDITION, exact=True)
    assert (session.exact, exact.exact) == (expected, True)
    if expected:
        for one, other in zip(session.infer(**inputs), exact.infer(**inputs), strict=True):
            np.testing.assert_array_equal(one, other)


def test_the_reference_computes_in_float32(tiny: Bundle) -> None:
    assert Reference().load(tiny, Module.CONDITION, "cpu").exact


def test_processors_without_bfloat16_gain_nothing(tiny_onnx: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intel, "_computes_float32", lambda _device: True)
    assert Intel().load(called(tiny_onnx, "fp16"), Module.CONDITION).exact
    assert not Intel().load(called(tiny_onnx, "int8"), Module.CONDITION).exact, "inputs of 8-bit layers are rounded"


@pytest.mark.skipif(not BFLOAT16, reason="this processor has no bfloat16")
def test_a_real_overflow_is_computed_again(tiny: Bundle, tiny_onnx: Bundle, tmp_path: Path) -> None:
    """65504 is 65536 in bfloat16, and so the largest float16 times 2¹¹² is infinite where it is not in float32."""
    path = shutil.copytree(tiny_onnx.path, tmp_path / "huge")
    model = onnx.load(path / "condition.onnx")
    (weight,) = (each for each in model.graph.initializer if len(each.dims) == 4)
    huge = np.zeros_like(numpy_helper.to_array(weight))
    huge[:, -1, 1, 1] = 65504
    weight.CopyFrom(numpy_helper.from_array(huge, weight.name))
    onnx.save(model, path / "condition.onnx")
    notes: list[str] = []
    modules = LoadedModules(called(replace(tiny_onnx, path=path), "fp16"), Intel(), DeviceChoice())
    modules.begin({}, notes.append)
    inputs = example_inputs(tiny, Module.CONDITION, frames=1, height=8, width=8, seed=0)
    latents = np.full_like(inputs["image_latents"], 2.0**112)
    appearance, _ = modules.run(Module.CONDITION, CancelToken(), image_latents=latents)
    assert appearance.max() == np.float32(65504) * np.float32(2.0**112)
    assert modules.retried == {"condition": 1}
    assert len(notes) == 1
