"""The small autoencoder against diffusers' AutoencoderKL."""

import diffusers
import pytest
import torch

from pia_edge.training.autoencoder import Autoencoder, AutoencoderConfig


@pytest.mark.parametrize("layers", [1, 2])
def test_diffusers_loads_the_same_weights_and_gives_the_same_numbers(layers: int) -> None:
    torch.manual_seed(0)
    config = AutoencoderConfig(block_out_channels=(16, 24, 32), layers_per_block=layers)
    ours = Autoencoder(config).eval()
    theirs = diffusers.AutoencoderKL(**config.diffusers_arguments(0.5, 32)).eval()
    theirs.load_state_dict(ours.state_dict(), strict=True)
    pixels = torch.rand(2, 3, 32, 40) * 2 - 1
    with torch.no_grad():
        mean, std = ours.moments(pixels)
        posterior = theirs.encode(pixels).latent_dist
        torch.testing.assert_close(mean, posterior.mean, atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(std, posterior.std, atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(ours.decode(mean), theirs.decode(mean).sample, atol=1e-5, rtol=1e-5)


def test_the_default_is_small_and_shrinks_pictures_four_times() -> None:
    network = Autoencoder(AutoencoderConfig())
    assert sum(parameter.numel() for parameter in network.parameters()) < 1_700_000
    mean, _ = network.moments(torch.zeros(1, 3, 64, 48))
    assert mean.shape == (1, 4, 16, 12)
    assert network.config.factor == 4
