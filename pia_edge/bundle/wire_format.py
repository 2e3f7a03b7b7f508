"""The protobuf wire format: the fields of one message, read without a schema compiler and without trust."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_VARINT, _EIGHT_BYTES, _LENGTH, _FOUR_BYTES = 0, 1, 2, 5
_LONGEST_VARINT = 10
_MOST_FIELDS = 1_000_000
_MOST_INTEGERS = 1000


class WireError(ValueError):
    """The bytes are not the messages they should be."""


@dataclass(frozen=True)
class Kind:
    """How a field may be written: its wire types, and whether it may occur more than once."""

    wires: tuple[int, ...]
    repeated: bool = False


INTEGER = Kind((_VARINT,))
INTEGERS = Kind((_VARINT, _LENGTH), repeated=True)
FLOAT = Kind((_FOUR_BYTES,))
FLOATS = Kind((_FOUR_BYTES, _LENGTH), repeated=True)
DOUBLES = Kind((_EIGHT_BYTES, _LENGTH), repeated=True)
BYTES = Kind((_LENGTH,))
"""One string, one blob or one message."""
MANY_BYTES = Kind((_LENGTH,), repeated=True)

Fields = Mapping[int, Kind]
"""What a message may hold, by field number."""


class Reader:
    """A cursorless view of ``content`` that ends after a million fields, so that reading takes seconds at most.

    A field with an unknown number, of another wire type, or present twice though single is an error, because two
    parsers could understand it differently.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._left = _MOST_FIELDS

    def fields(self, message: str, known: Fields, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Yield number, start and end of the content of every field of the message in ``content[start:end]``.

        Raises:
            WireError: the bytes are not such a message.
        """
        content = self.content
        seen = 0
        while start < end:
            tag = content[start]
            start += 1
            if tag >= 0x80:
                tag, start = self._varint(start - 1, end)
            number, wire = tag >> 3, tag & 7
            kind = known.get(number)
            if kind is None or wire not in kind.wires:
                raise WireError(f"field {number} of wire type {wire} in {message}")
            if not kind.repeated:
                if seen >> number & 1:
                    raise WireError(f"field {number} twice in {message}")
                seen |= 1 << number
            self._left -= 1
            if self._left < 0:
                raise WireError(f"more than {_MOST_FIELDS} fields")
            start, after = self._content(wire, start, end)
            if after > end:
                raise WireError(f"{message} cut off in field {number}")
            yield number, start, after
            start = after

    def integers(self, start: int, end: int) -> list[int]:
        """Return the unsigned integers in the content of a field of kind ``INTEGER`` or ``INTEGERS``.

        Raises:
            WireError: one is longer than 64 bits or cut off, or there are more than a thousand.
        """
        found: list[int] = []
        while start < end:
            if len(found) == _MOST_INTEGERS:
                raise WireError(f"more than {_MOST_INTEGERS} integers in one field")
            value, start = self._varint(start, end)
            found.append(value)
        return found

    def text(self, start: int, end: int) -> str:
        """Return the content of a field of kind ``BYTES``, other than ASCII as escapes, cut after 200 bytes."""
        shown = self.content[start : min(end, start + 200)].decode("ascii", "backslashreplace")
        return shown if end - start <= 200 else f"{shown}…"

    def _content(self, wire: int, start: int, end: int) -> tuple[int, int]:
        """Where the content of a field starts and ends, which may be past ``end``."""
        if wire == _LENGTH:
            length, start = self._varint(start, end)
            return start, start + length
        if wire == _VARINT:
            return start, self._varint(start, end)[1]
        return start, start + (8 if wire == _EIGHT_BYTES else 4)

    def _varint(self, start: int, end: int) -> tuple[int, int]:
        value = 0
        for position in range(start, min(end, start + _LONGEST_VARINT)):
            byte = self.content[position]
            value |= (byte & 0x7F) << 7 * (position - start)
            if byte < 0x80:
                if value >> 64:
                    break
                return value, position + 1
        raise WireError("an integer that is cut off or longer than 64 bits")
