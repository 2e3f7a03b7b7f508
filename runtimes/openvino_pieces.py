"""An OpenVINO model as several that follow one another, so that they need not be in memory together.

What OpenVINO compiled for a processor holds all weights in float32, twice: 10 GB at full size.
"""

import math
from collections.abc import Iterator, Sequence, Set
from typing import Any

import numpy as np

from pia_edge.runtimes.openvino_graph import constants_of, is_a, sources

LARGEST = 2**28
"""Weights that a piece has at most: 1 GB in float32."""


def cut(model: Any, largest: int = LARGEST) -> list[Any]:
    """Return models of at most ``largest`` weights each, or of one operation, in the order to run them in.

    Inputs and outputs are known by their names: each takes inputs of ``model`` and outputs of those before it.

    Args:
        model: an ``openvino.Model`` of fixed shapes, which is taken apart.
        largest: how many numbers the constants of one may have.
    """
    if sum(_length(node) for node in model.get_ordered_ops() if is_a(node, "Constant")) <= largest:
        return [model]
    _fix_shapes(model)
    nodes = model.get_ordered_ops()
    constants = constants_of(nodes)
    return _models(list(_pieces(nodes, constants, largest)), constants)


def _fix_shapes(model: Any) -> None:
    """Replace what computes shapes, or one piece would wait for another's to know its own."""
    from openvino import opset15 as ops

    for node in model.get_ordered_ops():
        if is_a(node, "ShapeOf"):
            kind = np.int32 if node.get_output_element_type(0).to_string() == "i32" else np.int64
            node.output(0).replace(ops.constant(np.array(list(node.get_input_shape(0)), kind)).output(0))


def _pieces(nodes: Sequence[Any], constants: Set[str], largest: int) -> Iterator[list[Any]]:
    counted: set[str] = set()
    piece: list[Any] = []
    size = 0
    for node in nodes:
        if node.get_name() in constants or is_a(node, "Parameter"):
            continue
        needed = _weights_of(node, constants, counted)
        if piece and size + needed > largest:
            yield piece
            piece, size = [], 0
        piece.append(node)
        size += needed
    yield piece


def _weights_of(node: Any, constants: Set[str], counted: set[str]) -> int:
    """Return how many numbers ``node`` needs that no node before it did."""
    total, waiting = 0, sources(node)
    while waiting:
        each = waiting.pop()
        if each.get_name() in constants and each.get_name() not in counted:
            counted.add(each.get_name())
            total += _length(each) if is_a(each, "Constant") else 0
            waiting += sources(each)
    return total


def _models(pieces: Sequence[Sequence[Any]], constants: Set[str]) -> list[Any]:
    import openvino
    from openvino import opset15 as ops

    place = {node.get_name(): number for number, piece in enumerate(pieces) for node in piece}
    results: list[list[Any]] = [[node for node in piece if is_a(node, "Result")] for piece in pieces]
    taken: list[dict[str, Any]] = [{} for _ in pieces]
    passed: set[str] = set()
    for number, piece in enumerate(pieces):
        for port in (port for node in piece for port in node.inputs()):
            source = port.get_source_output()
            maker = source.get_node().get_name()
            if maker in constants or place.get(maker) == number:
                continue
            name = _name(source)
            if name not in taken[number]:
                taken[number][name] = ops.parameter(list(source.get_shape()), source.get_element_type())
                taken[number][name].output(0).get_tensor().set_names(source.get_tensor().get_names())
            if maker in place and name not in passed:
                passed.add(name)
                results[place[maker]].append(ops.result(source))
            port.replace_source_output(taken[number][name].output(0))
    return [openvino.Model(ends, list(starts.values())) for ends, starts in zip(results, taken, strict=True)]


def _name(output: Any) -> str:
    """Return a name of an output by which the next models know it."""
    if not output.get_tensor().get_names():
        output.get_tensor().set_names({f"{output.get_node().get_name()}.{output.get_index()}"})
    return str(min(output.get_tensor().get_names()))


def _length(node: Any) -> int:
    return math.prod(node.get_output_shape(0))
