"""``--device`` for all modules and for some."""

import pytest

from pia_edge.device_choice import DeviceChoice
from pia_edge.errors import RequestError
from pia_edge.modules import MODULES, Module


@pytest.mark.parametrize("text", [None, "GPU.1", "cuda:0"])
def test_one_device_for_all(text: str | None) -> None:
    choice = DeviceChoice.parse(text)
    assert {choice.of(module) for module in MODULES} == {text}


@pytest.mark.parametrize("text", ["unet=NPU,GPU", "GPU,unet=NPU", " unet = NPU , GPU "])
def test_others_for_some(text: str) -> None:
    choice = DeviceChoice.parse(text)
    assert choice.of(Module.UNET) == "NPU"
    assert choice.of(Module.VAE_DECODER) == "GPU"


def test_the_rest_is_for_the_backend_to_choose() -> None:
    choice = DeviceChoice.parse("vae_decoder=CPU")
    assert choice.of(Module.VAE_DECODER) == "CPU"
    assert choice.of(Module.UNET) is None


@pytest.mark.parametrize(
    "text", ["", "unet=", "=NPU", "unets=NPU", "unet=NPU,unet=GPU", "GPU,CPU", "motion_module=GPU", ","]
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(RequestError, match="expected a device, or MODULE=DEVICE"):
        DeviceChoice.parse(text)
