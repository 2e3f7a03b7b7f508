"""What a device's name asks of PyTorch: where to run, in which precision, compiled or not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from pia_edge.errors import BackendError
from pia_edge.modules import Module

_COMPILE = "compile"
_ALWAYS_FP32 = frozenset({Module.VAE_ENCODER, Module.VAE_DECODER, Module.TINY_DECODER})
"""Activations of Stable Diffusion's VAE exceed what float16 holds; bfloat16 has no more bits than a picture."""


class TorchPrecision(StrEnum):
    """The type of weights and activations."""

    FP32 = "fp32"
    BF16 = "bf16"
    FP16 = "fp16"


@dataclass(frozen=True)
class TorchDevice:
    """One of PyTorch's devices and how to compute on it; ``str`` gives its name: ``cpu``, ``cuda:fp16+compile``."""

    kind: str
    """``cuda``, ``mps`` or ``cpu``."""
    precision: TorchPrecision = TorchPrecision.FP32
    compiled: bool = False

    @classmethod
    def parse(cls, name: str, present: Sequence[str]) -> Self:
        """Return what ``name`` asks for: ``DEVICE``, ``DEVICE:PRECISION``, and either with ``+compile`` after it.

        Args:
            name: what a user wrote; ``cpu:fp32`` and ``cpu`` are the same.
            present: the plain devices that are here.

        Raises:
            BackendError: the device is not here, or it cannot do what is asked.
        """
        place, plus, compiling = name.partition("+")
        kind, colon, precision = place.partition(":")
        known = (not colon or precision in set(TorchPrecision)) and (not plus or compiling == _COMPILE)
        if kind not in present or not known:
            raise BackendError(
                f"reference: expected a device out of {', '.join(present)}, found {name[:100]!a}. "
                f"After it may stand a precision out of :{', :'.join(TorchPrecision)}, then +{_COMPILE}; for example "
                f"{present[0]}:{TorchPrecision.BF16}+{_COMPILE}."
            )
        if plus and kind == "mps":
            # PyTorch itself calls its compiler for MPS a prototype.
            raise BackendError(f"reference: +{_COMPILE} runs on cuda and cpu only, found {name!a}. Leave it out.")
        return cls(kind, TorchPrecision(precision) if colon else TorchPrecision.FP32, bool(plus))

    def of(self, module: Module, *, exact: bool) -> Self:
        """Return how ``module`` really runs here: the VAE stays in float32, and proofs are in float32 and eager."""
        if exact:
            return replace(self, precision=TorchPrecision.FP32, compiled=False)
        return replace(self, precision=TorchPrecision.FP32) if module in _ALWAYS_FP32 else self

    def __str__(self) -> str:
        half = "" if self.precision is TorchPrecision.FP32 else f":{self.precision}"
        return f"{self.kind}{half}{f'+{_COMPILE}' if self.compiled else ''}"
