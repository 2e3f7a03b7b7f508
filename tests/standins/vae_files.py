"""Separate VAEs, as they are published to replace the one in a base model."""

from pathlib import Path
from typing import Literal

import torch

from tests.standins.lazy import State, cast, fixed, prefixed, seeded
from tests.standins.ldm_base import VAE, vae_ldm
from tests.standins.sizes import StandIn, vae_state
from tests.standins.writing import write


def write_vae(
    path: Path,
    size: StandIn,
    *,
    naming: Literal["ldm", "ldm-prefixed", "diffusers"] = "ldm",
    dtype: torch.dtype = torch.float32,
    training_keys: bool = False,
    wrapper: bool = True,
) -> Path:
    """Write a VAE by suffix; ``vae-ft-mse-840000-ema-pruned`` has the names ``ldm``.

    Args:
        naming: LDM names bare or with ``first_stage_model.``, or diffusers' names.
        training_keys: add the ``loss.`` and ``model_ema.`` entries of an autoencoder's training checkpoint.
        wrapper: for a pickle, ``{"state_dict": …, "global_step": …}`` around the tensors.
    """
    content = vae_state(size) if naming == "diffusers" else vae_ldm(size)
    content = cast(prefixed(content, VAE) if naming == "ldm-prefixed" else content, dtype)
    if training_keys:
        content |= _training_keys()
    return write(path, content, wrapper={"epoch": 90, "global_step": 840000} if wrapper else None)


def _training_keys() -> State:
    shapes = {
        "loss.perceptual_loss.net.slice1.0.weight": (64, 3, 3, 3),
        "loss.perceptual_loss.net.slice1.0.bias": (64,),
        "loss.perceptual_loss.lin0.model.1.weight": (1, 64, 1, 1),
        "loss.discriminator.main.0.weight": (64, 3, 4, 4),
        "loss.discriminator.main.0.bias": (64,),
        "loss.discriminator.main.3.running_mean": (128,),
    }
    return {name: seeded(0, name, shape) for name, shape in shapes.items()} | {
        "loss.logvar": fixed(torch.tensor(0.0)),
        "loss.discriminator.main.3.num_batches_tracked": fixed(torch.tensor(12)),
        "model_ema.decay": fixed(torch.tensor(0.9999)),
        "model_ema.num_updates": fixed(torch.tensor(840000, dtype=torch.int32)),
    }
