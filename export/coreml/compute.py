"""Which operations stay float32 when the rest of a module becomes float16."""

from collections.abc import Callable
from typing import Any

# Means over a clip and their squares: float16 overflows or lacks the bits.
_SENSITIVE = {"reduce_mean", "rsqrt"}
_SMALL = {"add", "sub", "mul", "reshape", "expand_dims", "concat"}


def float16_selector(is_exact: Callable[[str, tuple[int, ...]], bool]) -> Callable[[Any], bool]:
    """Return whether a MIL operation may become float16, as coremltools asks it.

    Sensitive operations stay float32, and so does what joins their results alone (the scale and shift of a norm), the
    centring before a square, and layers whose weight must stay exact. Activations meet float32 nowhere else.

    Args:
        is_exact: whether the constant of a name and a shape is a weight that must stay float32.
    """

    def selects(operation: Any) -> bool:
        weight = operation.inputs.get("weight")
        exact = weight is not None and weight.op is not None and is_exact(weight.op.name, tuple(weight.shape))
        return not (exact or _stays_float32(operation) or _is_centring(operation))

    return selects


def _is_square(operation: Any) -> bool:
    # coremltools writes torch.square as the product of a value with itself.
    return operation.op_type == "square" or (operation.op_type == "mul" and operation.x is operation.y)


def _stays_float32(operation: Any) -> bool:
    if operation.op_type in _SENSITIVE or _is_square(operation):
        return True
    if operation.op_type not in _SMALL:
        return False
    sources = [variable.op for variable in _variables(operation) if variable.op is None or variable.val is None]
    return bool(sources) and all(source is not None and _stays_float32(source) for source in sources)


def _is_centring(operation: Any) -> bool:
    """Whether a difference is squared next."""
    readers = operation.outputs[0].child_ops
    return operation.op_type == "sub" and any(_is_square(reader) for reader in readers)


def _variables(operation: Any) -> list[Any]:
    found: list[Any] = []
    for value in operation.inputs.values():
        found.extend(value) if isinstance(value, list | tuple) else found.append(value)
    return found
