"""The tiny decoder against diffusers' ``AutoencoderTiny``."""

import warnings

import pytest
import torch

from pia_edge.errors import BundleError
from pia_edge.nn import weights
from pia_edge.nn.tiny_decoder import TinyDecoder

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from diffusers import AutoencoderTiny


def theirs() -> AutoencoderTiny:
    torch.manual_seed(0)
    network = AutoencoderTiny().double().eval()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.06)
    return network


def ours(network: AutoencoderTiny) -> TinyDecoder:
    decoder = TinyDecoder().double().eval()
    weights.load(decoder, network.decoder.state_dict(), "diffusers")
    return decoder


@pytest.mark.parametrize("scale", [1.0, 8.0])
def test_pictures_equal_diffusers(scale: float) -> None:
    """With diffusers' own names for the weights, and for latents far outside the usual range too."""
    network = theirs()
    latents = scale * torch.randn(2, 4, 5, 7, dtype=torch.float64)
    with torch.inference_mode():
        expected = network.decode(latents).sample
        found = ours(network)(latents)
    assert found.shape == (2, 3, 40, 56)
    assert expected.std() > 0.1
    assert (found - expected).abs().max() < 1e-12


def test_diffusers_does_not_scale_what_it_decodes() -> None:
    """A pipeline divides latents by this number before it decodes them, so that the decoder takes scaled ones."""
    assert theirs().config.scaling_factor == 1.0


def test_other_latents_do_not_fit() -> None:
    with pytest.raises(BundleError, match=r"1 misshapen \(layers.0.weight \(64, 4, 3, 3\) where \(64, 16, 3, 3\)"):
        weights.load(TinyDecoder(16), TinyDecoder().state_dict(), "x")
