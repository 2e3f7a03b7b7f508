"""A model in pieces computes the same, and none has more weights than it may."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pia_edge._privacy import silence_runtimes
from pia_edge.bundle import Bundle
from pia_edge.errors import BackendError
from pia_edge.export.parity import example_inputs
from pia_edge.modules import MODULES, Module
from pia_edge.runtimes import intel
from pia_edge.runtimes.openvino_pieces import cut

LARGEST = 100_000
"""The tiny UNet has 340,868 weights."""


def fixed(folder: Path) -> Any:
    """The tiny UNet in the shapes of one clip."""
    silence_runtimes()
    import openvino

    model = openvino.Core().read_model(folder / "unet.xml")
    lengths = {"batch": 2, "frames": 4, "latent_height": 6, "latent_width": 4}
    model.reshape(
        {
            spec.name: [
                axis.get_length() if axis.is_static else lengths.get(str(name), 1)
                for axis, name in zip(port.get_partial_shape(), spec.axes, strict=True)
            ]
            for port, spec in zip(model.inputs, MODULES[Module.UNET].inputs, strict=True)
        }
    )
    return model


def weights(model: Any) -> int:
    constants = (node for node in model.get_ordered_ops() if node.get_type_name() == "Constant")
    return sum(int(np.prod(list(node.get_output_shape(0)))) for node in constants)


def test_pieces_are_few_and_small_enough(tiny_openvino: Bundle) -> None:
    whole = weights(fixed(tiny_openvino.path))
    pieces = cut(fixed(tiny_openvino.path), LARGEST)
    sizes = [weights(piece) for piece in pieces]
    assert len(pieces) == 4
    # What shapes are computed from is counted in every piece that needs it.
    assert max(sizes) < 1.1 * LARGEST
    assert whole <= sum(sizes) < 1.1 * whole


def test_each_takes_what_came_before(tiny_openvino: Bundle) -> None:
    known = {spec.name for spec in MODULES[Module.UNET].inputs}
    for piece in cut(fixed(tiny_openvino.path), LARGEST):
        assert all(known & port.get_names() for port in piece.inputs)
        assert all(port.get_partial_shape().is_static for port in piece.inputs)
        known |= {name for port in piece.outputs for name in port.get_names()}
    assert "noise_pred" in known


def test_a_small_model_stays_whole(tiny_openvino: Bundle) -> None:
    model = fixed(tiny_openvino.path)
    assert cut(model) == [model]


def loaded(bundle: Bundle, module: Module, largest: int, monkeypatch: pytest.MonkeyPatch) -> intel.IntelSession:
    monkeypatch.setattr(intel, "cut", lambda model: cut(model, largest))
    return intel.Intel().load(bundle, module, "CPU", exact=True)


@pytest.mark.parametrize("module", [Module.TEXT_ENCODER, Module.VAE_ENCODER, Module.UNET])
@pytest.mark.parametrize("form", ["tiny_openvino", "tiny_onnx"])
def test_the_result_is_the_same(
    module: Module, form: str, tiny: Bundle, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle, found = request.getfixturevalue(form), []
    clips = [example_inputs(tiny, module, frames=4, height=height, width=8, seed=2) for height in (6, 8)]
    for largest in (10**9, LARGEST if module is Module.UNET else 4_000):
        session = loaded(bundle, module, largest, monkeypatch)
        found.append([array for inputs in clips for array in session.infer(**inputs)])
        assert (len(vars(session)["_pieces"]) == 1) == (largest == 10**9)
    for whole, parts in zip(*found, strict=True):
        np.testing.assert_allclose(parts, whole, rtol=0, atol=2e-6 * float(abs(whole).max()))


def test_an_interrupt_ends_it_between_two_pieces(
    tiny: Bundle, tiny_openvino: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = loaded(tiny_openvino, Module.UNET, LARGEST, monkeypatch)
    inputs = example_inputs(tiny, Module.UNET, frames=3, height=6, width=4, seed=2)
    expected = session.infer(**inputs)
    run, ran = vars(intel.IntelSession)["_run"], []

    def interrupting(self: Any, request: Any, known: Any) -> Any:
        found = run(self, request, known)
        ran.append(request)
        if len(ran) == 2:
            session.interrupt()
        return found

    monkeypatch.setattr(intel.IntelSession, "_run", interrupting)
    with pytest.raises(BackendError, match="unet was interrupted"):
        session.infer(**inputs)
    assert len(ran) == 2
    assert np.array_equal(session.infer(**inputs)[0], expected[0]), "the next run is not interrupted"
