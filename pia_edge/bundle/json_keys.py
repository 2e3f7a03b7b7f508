"""JSON whose objects name each key once, so that every reader understands the same."""

import json


def check_unique_keys(content: bytes) -> None:
    """Check that no object in the JSON ``content`` (UTF-8) names a key twice.

    Raises:
        ValueError: one does, or it is not JSON.
        RecursionError: it is nested too deeply.
    """
    json.loads(content.decode("utf-8"), object_pairs_hook=_object)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key[:80]!a} twice")
        found[key] = value
    return found
