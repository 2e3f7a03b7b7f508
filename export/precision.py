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
    """16 values for every few output channels of a weight."""


@dataclass(frozen=True)
class Threshold:
    """What an export must reach to be written."""

    minimum_db: float
    """Least peak signal-to-noise ratio of every module against the reference, in dB, computed in float32."""
    largest_drift: float
    """How far the ratios of a denoising run (effect of the prompt, flicker) may be from 1."""


THRESHOLDS: Mapping[Precision, Threshold] = MappingProxyType(
    {
        Precision.FP32: Threshold(100.0, 0.001),
        Precision.FP16: Threshold(50.0, 0.05),
        Precision.INT8: Threshold(40.0, 0.15),
        Precision.INT4: Threshold(20.0, 0.5),
        Precision.W8A8: Threshold(30.0, 0.25),
        Precision.PALETTE8: Threshold(40.0, 0.15),
        Precision.PALETTE6: Threshold(30.0, 0.25),
        Precision.PALETTE4: Threshold(20.0, 0.5),
    }
)
