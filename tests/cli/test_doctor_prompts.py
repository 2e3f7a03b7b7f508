"""``pia-edge doctor --prompts``: a bundle that is deaf to the prompt is found, whatever it is deaf by."""

import json
from typing import Any

import numpy as np
import pytest

from pia_edge.backend import Array
from pia_edge.bundle import Bundle
from pia_edge.cli import main
from pia_edge.errors import NumericError
from pia_edge.modules import MODULES, Module
from pia_edge.runtimes import BACKENDS
from pia_edge.runtimes.cpu import Cpu
from pia_edge.runtimes.prompt_check import LEAST_EFFECT, check_prompts
from pia_edge.runtimes.reference import Reference, ReferenceSession
from tests.backends import PRESENT
from tests.injection import Change, InjectedBackend, unchanged

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("name", PRESENT)
def test_the_prompt_acts(name: str, tiny: Bundle, tiny_onnx: Bundle) -> None:
    found = check_prompts(tiny if name == "reference" else tiny_onnx, BACKENDS[name]())
    assert found.passed
    assert [effect.timestep for effect in found.effects] == [899, 499, 99]
    assert all(effect.least > 10 * LEAST_EFFECT for effect in found.effects)


def test_every_module_runs_and_the_unet_differs_by_text_alone(tiny_onnx: Bundle) -> None:
    backend = InjectedBackend(Cpu(), unchanged)
    found = check_prompts(tiny_onnx, backend)
    assert {module for module, _ in backend.calls} == set(MODULES)
    first, second, third = (inputs for module, inputs in backend.calls if module is Module.UNET and is_at(899, inputs))
    for name in first:
        same = all(np.array_equal(first[name], other[name]) for other in (second, third))
        assert same == (name != "encoder_hidden_states")
    empty, prompted = (Cpu().load(tiny_onnx, Module.UNET).infer(**each)[0] for each in (first, second))
    assert found.effects[0].prompts[0] == pytest.approx((prompted - empty).std() / empty.std(), rel=1e-3)


def is_at(timestep: int, inputs: dict[str, Array]) -> bool:
    return bool(inputs["timestep"][0] == timestep)


def constant_text(module: Module, _count: int, outputs: tuple[Array, ...]) -> tuple[Array, ...]:
    return (np.ones_like(outputs[0]),) if module is Module.TEXT_ENCODER else outputs


def text_of_padding() -> Change:
    """The empty prompt differs from all others, which are the same."""
    first: list[Array] = []

    def change(module: Module, count: int, outputs: tuple[Array, ...]) -> tuple[Array, ...]:
        if module is not Module.TEXT_ENCODER or count == 0:
            return outputs
        first.append(outputs[0])
        return (first[0],)

    return change


def flat_noise(module: Module, _count: int, outputs: tuple[Array, ...]) -> tuple[Array, ...]:
    return (np.zeros_like(outputs[0]),) if module is Module.UNET else outputs


@pytest.mark.parametrize("change", [constant_text, text_of_padding(), flat_noise])
def test_a_dead_text_path_is_found(change: Change, tiny_onnx: Bundle) -> None:
    found = check_prompts(tiny_onnx, InjectedBackend(Cpu(), change))
    assert not found.passed
    assert [effect.least for effect in found.effects] == [0, 0, 0]


def test_cross_attention_of_zeros_is_found(tiny: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    load = Reference.load

    def deaf(*given: Any, **named: Any) -> ReferenceSession:
        session = load(*given, **named)
        for name, parameter in session.network.named_parameters():
            if ".attn2.to_out" in name and "motion_modules" not in name:
                parameter.data.zero_()
        return session

    assert check_prompts(tiny, Reference(), "cpu").passed
    monkeypatch.setattr(Reference, "load", deaf)
    found = check_prompts(tiny, Reference(), "cpu")
    assert not found.passed
    assert max(effect.least for effect in found.effects) < 1e-6


@pytest.mark.parametrize("module", MODULES)
def test_a_module_that_is_not_finite_is_named(module: Module, tiny_onnx: Bundle) -> None:
    def poison(each: Module, _count: int, outputs: tuple[Array, ...]) -> tuple[Array, ...]:
        if each is module:
            outputs[0].reshape(-1)[3] = np.nan
        return outputs

    with pytest.raises(NumericError, match=f"^{module} returned "):
        check_prompts(tiny_onnx, InjectedBackend(Cpu(), poison))
    found = check_prompts(tiny_onnx, InjectedBackend(Cpu(), poison, exactly=unchanged))
    assert found.passed
    assert found.retried.keys() == {module}


def test_the_report(tiny_onnx: Bundle, capsys: Capture) -> None:
    asked = ["doctor", "--bundle", str(tiny_onnx.path), "--backend", "cpu", "--prompts"]
    assert main(asked) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("  prompt         at timestep ") for line in lines) == 3
    assert main([*asked, "--json"]) == 0
    (tried,) = json.loads(capsys.readouterr().out)["backends"]
    prompts = tried["prompts"]
    assert prompts["required"] == LEAST_EFFECT
    assert prompts["in_float32"] == []
    assert [each["timestep"] for each in prompts["timesteps"]] == [899, 499, 99]
    assert all(len(each["against_empty"]) == 2 and each["between"] > 0.01 for each in prompts["timesteps"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (constant_text, "found 0.0000% at most (timestep 899). The text encoder or the cross-attention is dead"),
        (lambda *call: (call[2][0] * np.nan, *call[2][1:]), "text_encoder returned encoder_hidden_states with NaN"),
    ],
)
def test_the_report_of_a_deaf_or_broken_bundle(
    change: Change, said: str, tiny_onnx: Bundle, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BACKENDS, "cpu", lambda: InjectedBackend(Cpu(), change))
    asked = ["doctor", "--bundle", str(tiny_onnx.path), "--backend", "cpu", "--prompts"]
    assert main(asked) == 5
    assert said in next(line for line in capsys.readouterr().out.splitlines() if "prompt         FAILED: " in line)
    assert main([*asked, "--json"]) == 5
    report = json.loads(capsys.readouterr().out)
    assert not report["passed"]
    assert said in report["backends"][0]["prompts"]["failed"]


def test_doctor_without_prompts_says_nothing_of_them(tiny_onnx: Bundle, capsys: Capture) -> None:
    assert main(["doctor", "--bundle", str(tiny_onnx.path), "--backend", "cpu", "--json"]) == 0
    (tried,) = json.loads(capsys.readouterr().out)["backends"]
    assert "prompts" not in tried
