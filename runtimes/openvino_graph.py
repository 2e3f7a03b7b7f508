"""Reading the graph of an OpenVINO model."""

from collections.abc import Sequence
from typing import Any

RESTORING = ("Convert", "Multiply", "Subtract", "Reshape")
"""Operations by which exported graphs restore stored weights."""


def is_a(node: Any, *kinds: str) -> bool:
    """Return whether ``node`` is an operation of one of these types."""
    return node.get_type_name() in kinds


def taken(node: Any) -> list[Any]:
    """Return the outputs that ``node`` takes."""
    return [port.get_source_output() for port in node.inputs()]


def sources(node: Any) -> list[Any]:
    """Return the nodes that ``node`` takes its inputs from."""
    return [output.get_node() for output in taken(node)]


def constants_of(nodes: Sequence[Any]) -> set[str]:
    """Return the names of constants and of what depends on them alone; ``nodes`` are in their order."""
    found: set[str] = set()
    for node in nodes:
        before = sources(node)
        if is_a(node, "Constant") or (before and all(each.get_name() in found for each in before)):
            found.add(node.get_name())
    return found
