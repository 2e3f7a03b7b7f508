"""Every module on every backend that is here against the reference, on shapes that the export did not see."""

import json
import math

import pytest

from pia_edge.backend import Backend, Session
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.errors import ParityError
from pia_edge.export.comparison import compare
from pia_edge.export.parity import check, difference, example_inputs, reference_cases
from pia_edge.export.precision import THRESHOLDS, Precision
from pia_edge.modules import MODULES, Module
from pia_edge.runtimes import BACKENDS
from tests.injection import InjectedBackend

MINIMUM_DB = THRESHOLDS[Precision.FP32].minimum_db
SHAPES = [(1, 4, 4), (3, 5, 12), (17, 8, 3), (32, 4, 4)]


@pytest.fixture(scope="module", params=[Format.ONNX, Format.OPENVINO])
def exported(request: pytest.FixtureRequest) -> Bundle:
    """The tiny network in each format that an export writes."""
    bundle: Bundle = request.getfixturevalue(f"tiny_{request.param}")
    return bundle


@pytest.fixture(scope="module", params=[name for name in BACKENDS if name != "reference"])
def backend(request: pytest.FixtureRequest, exported: Bundle) -> Backend:
    candidate = BACKENDS[request.param]()
    if exported.manifest.format not in candidate.formats:
        pytest.skip(f"{request.param} does not run {exported.manifest.format} bundles")
    if reason := candidate.unavailable():
        pytest.skip(reason)
    return candidate


@pytest.fixture(scope="module")
def references(tiny: Bundle) -> dict[Module, Session]:
    return {module: BACKENDS["reference"]().load(tiny, module, "cpu") for module in MODULES}


@pytest.mark.parametrize("module", MODULES)
def test_module_equals_the_reference(
    module: Module, backend: Backend, references: dict[Module, Session], tiny: Bundle, exported: Bundle
) -> None:
    session = backend.load(exported, module)
    for seed, (frames, height, width) in enumerate(SHAPES):
        inputs = example_inputs(tiny, module, frames=frames, height=height, width=width, seed=seed + 10)
        found = difference(session.infer(**inputs), references[module].infer(**inputs))
        assert found.psnr_db >= MINIMUM_DB, (frames, height, width)


def test_one_prompt_alone_equals_the_reference(
    backend: Backend, references: dict[Module, Session], tiny: Bundle, exported: Bundle
) -> None:
    """Without guidance the batch is 1, a shape that the export never saw."""
    inputs = example_inputs(tiny, Module.UNET, frames=3, height=4, width=4, seed=3)
    inputs |= {name: inputs[name][:1] for name in ("latents", "encoder_hidden_states")}
    found = difference(backend.load(exported, Module.UNET).infer(**inputs), references[Module.UNET].infer(**inputs))
    assert found.psnr_db >= MINIMUM_DB


def test_the_report_is_in_the_manifest(exported: Bundle) -> None:
    parity = exported.manifest.parity
    proven = {Format.ONNX: "cpu", Format.OPENVINO: "intel"}[exported.manifest.format]
    assert parity.keys() == set(MODULES)
    for report in parity.values():
        assert MINIMUM_DB <= report.psnr_db <= 200
        assert 0 <= report.max_abs_error < 1e-4
        assert report.runtime == proven
    assert exported.manifest.run_parity is not None
    assert exported.manifest.run_parity.runtime == proven
    stored = json.loads((exported.path / "manifest.json").read_bytes())
    assert math.isfinite(stored["parity"]["unet"]["psnr_db"])


@pytest.mark.parametrize("factor", [1.001, float("nan")])
def test_a_difference_is_refused_with_module_and_shape(factor: float, tiny: Bundle, tiny_onnx: Bundle) -> None:
    wrong = InjectedBackend(BACKENDS["cpu"](), lambda _module, _count, outputs: (outputs[0] * factor, *outputs[1:]))
    session = wrong.load(tiny_onnx, Module.CONDITION)
    reference = BACKENDS["reference"]().load(tiny, Module.CONDITION, "cpu")
    with pytest.raises(ParityError, match=r"^condition, 4 frames of 8×8 latents: "):
        check(Module.CONDITION, session, reference_cases(Module.CONDITION, reference, tiny), MINIMUM_DB)


def test_any_two_bundles_can_be_compared(tiny_onnx: Bundle, tiny_openvino: Bundle) -> None:
    """Neither has to be a reference bundle."""
    found = compare(tiny_openvino, BACKENDS["intel"](), tiny_onnx, BACKENDS["cpu"]())
    assert found.modules.keys() == set(MODULES)
    assert min(report.psnr_db for report in found.modules.values()) > MINIMUM_DB
    assert found.run is not None
    assert found.run.steps == 4
    assert found.run.psnr_db > MINIMUM_DB


def test_another_number_of_outputs_is_refused(tiny: Bundle, tiny_onnx: Bundle) -> None:
    fewer = InjectedBackend(BACKENDS["cpu"](), lambda _module, _count, outputs: outputs[:1])
    session = fewer.load(tiny_onnx, Module.CONDITION)
    reference = BACKENDS["reference"]().load(tiny, Module.CONDITION, "cpu")
    with pytest.raises(ParityError, match="expected outputs of shapes"):
        check(Module.CONDITION, session, reference_cases(Module.CONDITION, reference, tiny), MINIMUM_DB)
