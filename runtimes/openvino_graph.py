"""Reading the graph of an OpenVINO model."""

from collections.abc import Sequence
from typing import Any

RESTORING = ("Convert", "Multiply", "Subtract", "Reshape")
"""Operations by which exported graphs restore stored weights."""


def is_a(node: Any, *kinds: str) -> bool:
    """Return whether ``node`` is an operation of one of these types."""
    return node.get_type_name() in kinds


def sources(node: Any) -> list[Any]:
    """Return the nodes that ``node`` takes its inputs from."""
    return [port.get_source_output().get_node() for port in node.inputs()]


def constants_of(nodes: Sequence[Any]) -> set[str]:
    """Return the names of constants and of what depends on them alone; ``nodes`` are in their order."""
    found: set[str] = set()
    for node in nodes:
        taken = sources(node)
        if is_a(node, "Constant") or (taken and all(each.get_name() in found for each in taken)):
            found.add(node.get_name())
    return found
