"""The precision that networks are trained in: half of it in bfloat16, where that is faster."""

from __future__ import annotations

import torch


def mixed_precision(device: str) -> torch.autocast:
    """Return the context in which a network on ``device`` ("cpu" or "cuda") is computed.

    A CPU without AVX-512 emulates bfloat16, where one convolution took 70 times longer; there all stays in float32.
    """
    return torch.autocast(device, torch.bfloat16, enabled=device != "cpu" or computes_bfloat16())


def computes_bfloat16() -> bool:
    """Return whether this CPU has instructions for bfloat16, or such as make up for them."""
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
