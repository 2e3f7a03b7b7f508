"""How exactly a bundle's weights are kept, and how far its modules may be from the reference."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Precision(StrEnum):
    """What a user asks for; ``recipe.py`` says what it means for each weight."""

    FP32 = "fp32"
    FP16 = "fp16"
    INT8 = "int8"
    """8-bit weights; activations stay floating-point."""
    INT4 = "int4"
    """4-bit weights in the linear layers, 8-bit ones in the convolutions."""
    W8A8 = "w8a8"
    """8-bit weights, and 8-bit inputs of the UNet's convolutions and linear layers."""
    PALETTE8 = "palette8"
    """256 values for each weight, found by k-means."""
    PALETTE6 = "palette6"
    """64 values for every few output channels of a weight."""
    PALETTE4 = "palette4"
    """16 values for every few output channels in the linear layers, 64 in the convolutions."""


@dataclass(frozen=True)
class Threshold:
    """What an export must reach to be written."""

    minimum_db: float
    """Least peak signal-to-noise ratio of every module against the reference, in dB, computed in float32."""
    run_db: float
    """The least of ``noise_pred`` over a denoising run, whose errors are what is seen: where the sample's are noise of
    30 dB, its clips look the same; of 25 dB they are grainy and flicker 1.7 times as much; of 20 dB they are ruined."""
    largest_drift: float
    """How far the ratios of a denoising run (effect of the prompt, flicker) may be from 1."""


THRESHOLDS: Mapping[Precision, Threshold] = MappingProxyType(
    {
        Precision.FP32: Threshold(100.0, 100.0, 0.001),
        Precision.FP16: Threshold(50.0, 50.0, 0.05),
        Precision.INT8: Threshold(40.0, 40.0, 0.15),
        # A full-size network with random weights has 25 dB and, with palettes, 23.6; the trained sample 44 and 37.
        Precision.INT4: Threshold(20.0, 22.0, 0.35),
        Precision.W8A8: Threshold(30.0, 30.0, 0.25),
        Precision.PALETTE8: Threshold(40.0, 40.0, 0.15),
        Precision.PALETTE6: Threshold(30.0, 30.0, 0.25),
        Precision.PALETTE4: Threshold(20.0, 22.0, 0.35),
    }
)
