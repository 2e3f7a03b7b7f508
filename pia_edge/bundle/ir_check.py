"""What an OpenVINO IR of a bundle may contain, checked in its text before OpenVINO reads it.

OpenVINO takes operators from opsets and libraries, constants from the .bin beside the .xml or from the .xml itself, and
believes what the .xml says of their length. Only what OpenVINO itself writes passes: elements, attributes of constants
and spellings of numbers that its reader understands in another way, or merely tolerates, are refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from pia_edge.bundle.ir_operators import OPERATORS, OPSETS
from pia_edge.errors import BundleError

# Which element may stand in which; names that mean different things in different places are told apart.
_CHILDREN: Mapping[str, Mapping[str, str]] = {
    "file": {"net": "model"},
    "model": {"layers": "layers", "edges": "edges", "rt_info": "rt_info"},
    "layers": {"layer": "layer"},
    "layer": {
        **{"data": "data", "input": "ports", "output": "ports", "rt_info": "rt_info"},
        **dict.fromkeys(("body", "then_body", "else_body"), "model"),
        **dict.fromkeys(("port_map", "then_port_map", "else_port_map"), "map"),
        "back_edges": "back_edges",
    },
    "ports": {"port": "port"},
    "port": {"dim": "dim", "rt_info": "rt_info"},
    "map": {"input": "mapped", "output": "mapped"},
    "back_edges": {"edge": "back_edge"},
    "edges": {"edge": "edge"},
}
_REPEATED = {"layer", "port", "dim", "mapped", "edge", "back_edge"}
_CONSTANT = {"element_type", "shape", "offset", "size"}
_WEIGHTLESS = {"element_type", "offset", "size"}
# OpenVINO takes these from the free text: a file of weights, and where in a file they lie.
_NAMES_FILES = {"__weights_path", "WeightlessCacheAttribute"}

# Values that fill whole bytes together: how many bits the group takes, and how many values it has.
_GROUPS = {
    **dict.fromkeys(("f64", "i64", "u64"), (64, 1)),
    **dict.fromkeys(("f32", "i32", "u32"), (32, 1)),
    **dict.fromkeys(("f16", "bf16", "i16", "u16"), (16, 1)),
    **dict.fromkeys(("i8", "u8", "boolean", "f8e4m3", "f8e5m2", "f8e8m0"), (8, 1)),
    **dict.fromkeys(("i4", "u4", "nf4", "f4e2m1"), (8, 2)),
    **{"u1": (8, 8), "u2": (8, 4), "u3": (24, 8), "u6": (24, 4)},
}
_LARGEST_XML = 64 * 2**20
_DEEPEST = 64
# A UNet of two levels takes about 36,000; two million are read in two seconds.
_MOST_ELEMENTS = 2_000_000
_HIGHEST_RANK = 64
_WHOLE_NUMBER = re.compile(r"[0-9]{1,18}")
_SHAPE = re.compile(r"(?:[0-9]{1,18}(?:, ?[0-9]{1,18})*)?")


def check_ir(path: Path, *, weights: int) -> None:
    """Check that the IR ``path`` computes with known operators alone and reads nothing but the .bin beside it.

    Args:
        path: an .xml of at most 64 MB in UTF-8.
        weights: size in bytes of the .bin of the same name.

    Raises:
        BundleError: the file is no such IR, or holds something it must not; the message says what.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        content = file.read(_LARGEST_XML + 1)
    try:
        _check_text(content)
        _Check(weights).read(content)
    except (_IRError, expat.ExpatError) as error:
        raise BundleError(
            f"{path}: expected an OpenVINO IR of a bundle, found {error}. Do not use this bundle."
        ) from error


class _IRError(ValueError):
    """The text is not what it should be."""


def _check_text(content: bytes) -> None:
    """Check what must be known before a parser sees the text."""
    if len(content) > _LARGEST_XML:
        raise _IRError("more than 64 MB; weights belong into the .bin beside it")
    if not content.startswith((b"<?xml ", b"<net ")):
        raise _IRError(f"a file that begins with {content[:8]!r} instead of <?xml or <net")
    # In well-formed XML these two stand for nothing else than markup that OpenVINO never writes.
    if b"<!" in content:
        raise _IRError("a document type, an entity, a comment or CDATA")
    if b"<?" in content[2:]:
        raise _IRError("a processing instruction")


@dataclass(slots=True)
class _Open:
    """An element whose end has not come yet."""

    kind: str
    operator: str = ""
    seen: set[str] = field(default_factory=set)
    """The elements in it so far, but for those that may be there many times."""
    layers: set[int] = field(default_factory=set)
    """The numbers of a model's layers."""
    ends: set[int] = field(default_factory=set)
    """The numbers that its edges name."""


class _Check:
    """One pass over the text; every method raises _IRError for what must not be there."""

    def __init__(self, weights: int) -> None:
        self._weights = weights
        self._open = [_Open("file")]
        self._left = _MOST_ELEMENTS

    def read(self, content: bytes) -> None:
        # The encoding is given, so that another one in the declaration cannot change what is read.
        parser = expat.ParserCreate("UTF-8")
        parser.XmlDeclHandler = self._declaration
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.Parse(content, True)

    def _declaration(self, version: str, encoding: str | None, _standalone: int) -> None:
        if version != "1.0" or (encoding or "UTF-8").upper() != "UTF-8":
            raise _IRError(f"XML {version[:20]!a} in {(encoding or '')[:40]!a} instead of 1.0 in UTF-8")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        parent = self._open[-1]
        self._left -= 1
        if self._left < 0:
            raise _IRError(f"more than {_MOST_ELEMENTS} elements")
        if len(self._open) > _DEEPEST:
            raise _IRError(f"elements nested more than {_DEEPEST} deep")
        kind = self._kind(parent, name)
        self._open.append(_Open(kind))
        if parent.kind == "file" and attributes.get("version") != "11":
            raise _IRError(f"version {attributes.get('version', '')[:20]!a} instead of '11'")
        if parent.kind == "rt_info":
            _check_note(name, attributes)
        elif kind == "layer":
            self._layer(attributes)
        elif kind == "data":
            self._data(parent.operator, attributes)
        elif kind == "edge":
            self._edge(attributes)

    def _kind(self, parent: _Open, name: str) -> str:
        """What the element ``name`` is where it stands."""
        if parent.kind == "rt_info":
            return "rt_info"
        kind = _CHILDREN.get(parent.kind, {}).get(name)
        if kind is None:
            raise _IRError(f"the element {name[:80]!a} in {parent.kind}")
        if kind not in _REPEATED:
            if name in parent.seen:
                raise _IRError(f"the element {name!a} twice in {parent.kind}")
            parent.seen.add(name)
        return kind

    def _end(self, _name: str) -> None:
        closed = self._open.pop()
        if closed.kind == "model":
            if closed.ends - closed.layers:
                raise _IRError(f"an edge of layer {min(closed.ends - closed.layers)}, which does not exist")
            if "layers" not in closed.seen:
                raise _IRError("a model without layers")
        elif closed.operator == "Const" and "data" not in closed.seen:
            raise _IRError("a constant without data")

    def _layer(self, attributes: dict[str, str]) -> None:
        operator, opset = attributes.get("type", ""), attributes.get("version", "")
        if operator not in OPERATORS or opset not in OPSETS:
            raise _IRError(f"the unknown operator {operator[:80]!a} of {opset[:80]!a}")
        self._open[-1].operator = operator
        number = _whole_number(attributes, "id")
        layers = self._open[-3].layers
        if number in layers:
            raise _IRError(f"two layers of number {number}")
        layers.add(number)

    def _data(self, operator: str, attributes: dict[str, str]) -> None:
        if operator == "Const":
            self._constant(attributes)
        elif attributes.keys() >= _WEIGHTLESS:
            raise _IRError(f"weights in an operator of type {operator}")

    def _constant(self, attributes: dict[str, str]) -> None:
        # OpenVINO prefers an attribute "value" to the .bin, however few bytes it has.
        if attributes.keys() != _CONSTANT:
            raise _IRError(f"a constant described by {', '.join(sorted(attributes))[:200]!a}")
        offset, size = (_whole_number(attributes, key) for key in ("offset", "size"))
        count, expected = _size_of(attributes["element_type"], attributes["shape"])
        # One byte stands for a constant without values.
        if size != expected and not (count == 0 and size == 1):
            raise _IRError(f"a constant of {size} bytes instead of {expected}")
        if offset + size > self._weights:
            raise _IRError(f"a constant at {offset} to {offset + size} of {self._weights} bytes of weights")

    def _edge(self, attributes: dict[str, str]) -> None:
        self._open[-3].ends.update(_whole_number(attributes, key) for key in ("from-layer", "to-layer"))


def _check_note(name: str, attributes: dict[str, str]) -> None:
    if not _NAMES_FILES.isdisjoint((name, attributes.get("name"))):
        raise _IRError("notes (rt_info) on where weights lie")


def _size_of(element_type: str, shape: str) -> tuple[int, int]:
    """How many values and bytes a constant has."""
    if element_type not in _GROUPS or not _SHAPE.fullmatch(shape):
        raise _IRError(f"a constant of type {element_type[:20]!a} and shape {shape[:80]!a}")
    lengths = [int(length) for length in shape.split(",")] if shape else []
    if len(lengths) > _HIGHEST_RANK:
        raise _IRError(f"a constant of rank {len(lengths)}")
    count = 1
    for length in lengths:
        count *= length
    bits, values = _GROUPS[element_type]
    return count, -(-count // values) * (bits // 8)


def _whole_number(attributes: dict[str, str], key: str) -> int:
    text = attributes.get(key, "")
    if not _WHOLE_NUMBER.fullmatch(text):
        raise _IRError(f"{text[:40]!a} for {key}, which is no whole number")
    return int(text)
