"""The evaluator's operations on each value by itself."""

from collections.abc import Callable, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from pia_edge.export.coreml.evaluator_arguments import Arguments


def _unary(function: Callable[[Tensor], Tensor]) -> Callable[[Arguments], Tensor]:
    return lambda given: function(given.tensor("x"))


def _binary(function: Callable[[Tensor, Tensor], Tensor]) -> Callable[[Arguments], Tensor]:
    return lambda given: function(given.tensor("x"), given.tensor("y"))


def _rsqrt(given: Arguments) -> Tensor:
    return torch.rsqrt(given.tensor("x") + given.tensor("epsilon"))


def _clip(given: Arguments) -> Tensor:
    return torch.clamp(given.tensor("x"), given.tensor("alpha"), given.tensor("beta"))


def _gelu(given: Arguments) -> Tensor:
    if given.text("mode", "EXACT") != "EXACT":
        raise given.unknown("the mode EXACT")
    return F.gelu(given.tensor("x"))


def _select(given: Arguments) -> Tensor:
    return torch.where(given.stored("cond"), given.tensor("a"), given.tensor("b"))


def _cast(given: Arguments) -> Tensor:
    return given.stored("x")  # the declared type of the result does the rest


def _fill_like(given: Arguments) -> Tensor:
    return torch.ones_like(given.tensor("ref_tensor")) * given.tensor("value")


_RANGES = {"int8": (-128, 127), "uint8": (0, 255)}


def _quantize(given: Arguments) -> Tensor:
    values = given.tensor("input")
    lowest, highest = _RANGES[given.text("output_dtype")]
    scaled = torch.round(values / _along_axis(given, "scale", values)) + _along_axis(given, "zero_point", values)
    return scaled.clamp(lowest, highest)


def _dequantize(given: Arguments) -> Tensor:
    values = given.tensor("input").float()
    return (values - _along_axis(given, "zero_point", values)) * _along_axis(given, "scale", values)


def _along_axis(given: Arguments, name: str, values: Tensor) -> Tensor:
    """Return the parameter ``name`` (zero if it is missing), a vector of it turned along ``axis`` of ``values``."""
    if name not in given:
        return torch.zeros(())
    parameter = given.tensor(name).float()
    if parameter.ndim == 0:
        return parameter
    shape = [1] * values.ndim
    shape[given.integer("axis")] = parameter.numel()
    return parameter.reshape(shape)


ELEMENTWISE: Mapping[str, Callable[[Arguments], Tensor]] = {
    "add": _binary(torch.add),
    "sub": _binary(torch.sub),
    "mul": _binary(torch.mul),
    "real_div": _binary(torch.div),
    "greater_equal": _binary(torch.ge),
    "square": _unary(torch.square),
    "sqrt": _unary(torch.sqrt),
    "exp": _unary(torch.exp),
    "sigmoid": _unary(torch.sigmoid),
    "tanh": _unary(torch.tanh),
    "relu": _unary(F.relu),
    "silu": _unary(F.silu),
    "gelu": _gelu,
    "rsqrt": _rsqrt,
    "clip": _clip,
    "select": _select,
    "cast": _cast,
    "fill_like": _fill_like,
    "quantize": _quantize,
    "dequantize": _dequantize,
}
"""By the name of the operation."""
