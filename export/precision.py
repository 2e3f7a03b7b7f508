"""How exactly a bundle's weights are kept, and how far its modules may be from the reference."""

from enum import StrEnum


class Precision(StrEnum):
    """What a user asks for; ``recipe.py`` says what it means for each weight."""

    FP32 = "fp32"
    FP16 = "fp16"
    INT8 = "int8"
    """8-bit weights; activations stay floating-point."""
    INT4 = "int4"
    """4-bit weights in the linear layers, 8-bit ones in the convolutions."""


LARGEST_DRIFT = {Precision.FP32: 0.001, Precision.FP16: 0.05, Precision.INT8: 0.15, Precision.INT4: 0.5}
"""How far the ratios of a denoising run (effect of the prompt, flicker) may be from 1."""

MINIMUM_DB = {Precision.FP32: 100.0, Precision.FP16: 50.0, Precision.INT8: 40.0, Precision.INT4: 20.0}
"""Least peak signal-to-noise ratio of every module against the reference, in dB, computed in float32."""
