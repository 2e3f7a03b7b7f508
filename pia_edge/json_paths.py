"""Paths in JSON: names on Linux are bytes, which JSON cannot hold, so that they are written as base64."""

import base64
import os
from pathlib import Path
from typing import Any


def encode_path(value: object) -> str:
    """Return a path as text: the ``enc_hook`` of msgspec."""
    if not isinstance(value, Path):
        raise NotImplementedError(f"{type(value).__name__} has no form in JSON")
    return base64.b64encode(os.fsencode(value)).decode()


def decode_path(kind: type, value: Any) -> Path:
    """Return the path that :func:`encode_path` was given: the ``dec_hook`` of msgspec."""
    if not issubclass(kind, Path):
        raise NotImplementedError(f"{kind.__name__} has no form in JSON")
    return Path(os.fsdecode(base64.b64decode(value)))
