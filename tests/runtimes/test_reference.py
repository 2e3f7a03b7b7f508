"""PyTorch in half precision and compiled, against itself in float32."""

import shutil
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

from pia_edge.bundle import Bundle
from pia_edge.device_choice import DeviceChoice
from pia_edge.errors import BackendError, Cancelled
from pia_edge.export.parity import difference, example_inputs
from pia_edge.modules import MODULES, Module
from pia_edge.nn.unet import sinusoidal_timestep
from pia_edge.runtimes.reference import Reference, ReferenceSession
from pia_edge.runtimes.torch_compiling import CompiledNetwork
from pia_edge.runtimes.torch_device import TorchDevice, TorchPrecision

VAE = {Module.VAE_ENCODER, Module.VAE_DECODER}
HALVES = {"bf16": 35, "fp16": 55}
"""The least PSNR in dB against float32."""
SIZE = {"frames": 4, "height": 8, "width": 6, "seed": 3}


def weights_in_bytes(session: ReferenceSession) -> int:
    return sum(parameter.nbytes for parameter in session.network.parameters())


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("precision", HALVES)
def test_halves_are_near_float32(module: Module, precision: str, tiny: Bundle) -> None:
    inputs = example_inputs(tiny, module, **SIZE)
    exact, half = Reference().load(tiny, module, "cpu"), Reference().load(tiny, module, f"cpu:{precision}")
    outputs = half.infer(**inputs)
    assert {output.dtype for output in outputs} == {np.dtype(np.float32)}
    found = difference(outputs, exact.infer(**inputs)).psnr_db
    if module in VAE:
        assert (half.device, found) == ("cpu", 200), "the VAE stays in float32"
        assert weights_in_bytes(half) == weights_in_bytes(exact)
    else:
        assert half.device == f"cpu:{precision}"
        assert HALVES[precision] <= found < 200
        assert weights_in_bytes(half) * 2 == weights_in_bytes(exact)


@pytest.mark.parametrize("precision", HALVES)
def test_timestep_features_are_rounded_once(precision: str, tiny: Bundle) -> None:
    network: Any = Reference().load(tiny, Module.UNET, f"cpu:{precision}").network
    expected = sinusoidal_timestep(torch.arange(1000), 16)
    assert torch.equal(network.timestep_features, expected.to(network.timestep_features.dtype))


@pytest.mark.parametrize("name", ["cpu:bf16", "cpu:fp16", "cpu+compile", "cpu:bf16+compile"])
def test_proofs_are_in_float32_whatever_the_device_is(name: str, tiny: Bundle) -> None:
    inputs = example_inputs(tiny, Module.UNET, **SIZE)
    session = Reference().load(tiny, Module.UNET, name, exact=True)
    assert session.device == "cpu"
    assert np.array_equal(session.infer(**inputs)[0], Reference().load(tiny, Module.UNET, "cpu").infer(**inputs)[0])


@pytest.mark.parametrize(
    ("name", "reported"),
    [
        ("cpu", "cpu"),
        ("cpu:fp32", "cpu"),
        ("cpu:bf16", "cpu:bf16"),
        ("mps:fp16", "mps:fp16"),
        ("cuda+compile", "cuda+compile"),
        ("cuda:fp16+compile", "cuda:fp16+compile"),
    ],
)
def test_names_of_devices(name: str, reported: str) -> None:
    device = TorchDevice.parse(name, ("cuda", "mps", "cpu"))
    assert str(device) == reported
    assert str(device.of(Module.UNET, exact=False)) == reported
    assert str(device.of(Module.UNET, exact=True)) == device.kind
    assert device.of(Module.VAE_DECODER, exact=False).precision is TorchPrecision.FP32


@pytest.mark.parametrize(
    "name",
    ["cpu:int8", "cpu:", "cpu+", "cpu+fast", "cpu+compile:bf16", "cpu:BF16", ":bf16", "cuda:fp16", "cpu:bf16:fp16"],
)
def test_other_names_are_refused_with_what_is_possible(name: str) -> None:
    possible = r"out of cpu, found .* :fp32, :bf16, :fp16, then \+compile; .* cpu:bf16\+compile"
    with pytest.raises(BackendError, match=possible):
        TorchDevice.parse(name, ("cpu",))


def test_nothing_is_compiled_for_mps() -> None:
    with pytest.raises(BackendError, match=r"\+compile runs on cuda and cpu only, found 'mps:fp16\+compile'"):
        TorchDevice.parse("mps:fp16+compile", ("mps", "cpu"))


def test_each_module_has_its_own_precision(tiny: Bundle) -> None:
    choice = DeviceChoice.parse("unet=cpu:bf16,cpu")
    reported = {module: Reference().load(tiny, module, choice.of(module)).device for module in MODULES}
    assert reported == {module: "cpu:bf16" if module is Module.UNET else "cpu" for module in MODULES}


def test_plain_devices_are_listed() -> None:
    assert [name for name in Reference().devices() if ":" in name or "+" in name] == []


def test_a_type_that_the_device_does_not_know(tiny: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_network: Any, *_there: Any) -> None:
        raise TypeError("BFloat16 is not supported on MPS")

    monkeypatch.setattr(torch.nn.Module, "to", refuse)
    with pytest.raises(BackendError, match="condition cannot be put on cpu:bf16: BFloat16 is not supported on MPS"):
        Reference().load(tiny, Module.CONDITION, "cpu:bf16")


@pytest.mark.parametrize("name", ["cpu", "cpu:bf16"])
def test_a_run_ends_between_two_layers(name: str, tiny: Bundle) -> None:
    session = Reference().load(tiny, Module.UNET, name)
    inputs = example_inputs(tiny, Module.UNET, **SIZE)
    finished: list[bool] = []
    handles = [
        session.network.conv_in.register_forward_hook(lambda *_: session.interrupt()),
        session.network.conv_out.register_forward_hook(lambda *_: finished.append(True)),
    ]
    with pytest.raises(Cancelled, match="unet was interrupted"):
        session.infer(**inputs)
    assert not finished
    for handle in handles:
        handle.remove()
    assert np.isfinite(session.infer(**inputs)[0]).all(), "the session stays usable"


compiling = pytest.mark.skipif(
    not any(map(shutil.which, ("g++", "clang++", "cl"))), reason="no C++ compiler, which PyTorch needs to compile"
)
quiet = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""PyTorch's compiler imports what PyTorch has deprecated."""


@compiling
@quiet
@pytest.mark.parametrize(
    ("module", "name", "least_db"),
    [(Module.CONDITION, "cpu+compile", 120), (Module.MOTION_MODULE, "cpu:bf16+compile", 35)],
)
def test_compiled_modules_compute_the_same(module: Module, name: str, least_db: float, tiny: Bundle) -> None:
    inputs = example_inputs(tiny, module, **SIZE)
    session = Reference().load(tiny, module, name)
    outputs = session.infer(**inputs)
    assert session.device == name
    assert {output.dtype for output in outputs} == {np.dtype(np.float32)}
    assert difference(outputs, Reference().load(tiny, module, "cpu").infer(**inputs)).psnr_db > least_db


def test_more_shapes_than_pytorch_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyTorch compiles eight shapes and refuses the ninth, until it forgets them all."""
    monkeypatch.setattr(torch, "compile", partial(torch.compile, backend="eager"))
    network = CompiledNetwork(torch.nn.Conv2d(1, 1, 1).eval(), "conv")
    sums = [float(network(torch.ones(1, 1, size, 1)).detach().sum()) / size for size in range(2, 14)]
    assert np.allclose(sums, sums[0])


def test_a_compiled_run_that_was_interrupted_gives_nothing(tiny: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch, "compile", partial(torch.compile, backend="eager"))
    session = Reference().load(tiny, Module.CONDITION, "cpu+compile")
    inputs = example_inputs(tiny, Module.CONDITION, **SIZE)
    run = vars(session)["_run"]

    def interrupted(*tensors: Any) -> Any:
        session.interrupt()
        return run(*tensors)

    monkeypatch.setattr(session, "_run", interrupted)
    with pytest.raises(Cancelled, match="condition was interrupted"):
        session.infer(**inputs)
    monkeypatch.setattr(session, "_run", run)
    assert np.isfinite(session.infer(**inputs)[0]).all(), "the session stays usable"


@quiet
def test_without_a_compiler(tiny: Bundle) -> None:
    from torch._inductor import config

    session = Reference().load(tiny, Module.CONDITION, "cpu+compile")
    inputs = example_inputs(tiny, Module.CONDITION, frames=1, height=5, width=7, seed=0)
    message = r"could not compile condition for cpu\+compile: .*[Cc]ompiler.* leave \+compile out"
    with (
        config.patch({"cpp.cxx": (None, "no-such-compiler"), "force_disable_caches": True}),
        pytest.raises(BackendError, match=message),
    ):
        session.infer(**inputs)
