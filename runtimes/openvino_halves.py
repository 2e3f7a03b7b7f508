"""Gated layers as two products of matrices, so that nothing is taken apart afterwards.

A gated layer (GEGLU, arXiv:2002.05202) multiplies with one matrix and halves the result. OpenVINO copies both halves,
which takes 4 % of a full-size step.
"""

from typing import Any

from pia_edge.runtimes.openvino_graph import RESTORING, is_a, sources


def multiply_by_halves(model: Any) -> None:
    """Replace every product that is halved by the products with the halves of the matrix; the results are the same."""
    for node in model.get_ordered_ops():
        if is_a(node, "VariadicSplit", "Split") and node.get_output_size() == 2:
            added = node.input(0).get_source_output().get_node()
            # Its shape may be asked for, to know where to cut.
            readers = [port.get_node() for port in added.output(0).get_target_inputs()]
            if _is_layer(added) and sum(not is_a(reader, "ShapeOf") for reader in readers) == 1:
                _halve(node, added)


def _is_layer(added: Any) -> bool:
    """Whether it is a product with a constant matrix, one row for each output, and a constant bias."""
    if not is_a(added, "Add") or not is_a(sources(added)[0], "MatMul"):
        return False
    product, bias = sources(added)
    is_plain = product.get_attributes() == {"transpose_a": False, "transpose_b": True}
    return is_plain and _is_restored(bias) and _is_restored(sources(product)[1])


def _is_restored(node: Any) -> bool:
    if is_a(node, "Constant"):
        # OpenVINO 2026.4 writes past the end of memory when it splits a constant of 4 bits.
        return node.get_output_element_type(0).to_string() not in ("u4", "i4")
    return is_a(node, *RESTORING) and all(_is_restored(each) for each in sources(node))


def _halve(split: Any, added: Any) -> None:
    from openvino import opset15 as ops

    product, bias = added.input(0).get_source_output().get_node(), added.input(1).get_source_output()
    given, matrix = (port.get_source_output() for port in product.inputs())
    whole = matrix.get_shape()[0]
    halved: dict[str, Any] = {}
    for half in (0, 1):
        rows = ops.matmul(given, _half(matrix, whole, 0, half, halved), False, True)
        result = ops.add(rows, _half(bias, whole, -1, half, halved))
        result.set_friendly_name(f"{added.get_friendly_name()}/{half}")
        split.output(half).replace(result.output(0))


def _half(output: Any, whole: int, axis: int, half: int, halved: dict[str, Any]) -> Any:
    """Return one half along ``axis``, as long as ``whole``, of a constant, or of what restores one."""
    from openvino import opset15 as ops

    node, shape = output.get_node(), list(output.get_shape())
    if is_a(node, "Constant"):
        if not shape or shape[axis] != whole:
            return output
        name = node.get_name()
        halved[name] = halved.get(name) or ops.split(output, ops.constant(axis), 2)
        return halved[name].output(half)
    first, *rest = (_half(port.get_source_output(), whole, axis, half, halved) for port in node.inputs())
    if is_a(node, "Convert"):
        return ops.convert(first, node.get_output_element_type(0).to_string()).output(0)
    if is_a(node, "Reshape"):
        shape[axis] //= 2
        return ops.reshape(first, ops.constant(shape), False).output(0)
    return (ops.multiply if is_a(node, "Multiply") else ops.subtract)(first, rest[0]).output(0)
