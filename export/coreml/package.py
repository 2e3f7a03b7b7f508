"""What a Core ML package holds beside its weights, written so that the same program gives the same bytes.

coremltools draws new identifiers, stamps the date, leaves protobuf's maps in hash order and adds a map for a debugger.
"""

import json
import uuid
from pathlib import Path
from typing import Any

from pia_edge.bundle.mlpackage import DATA, FOLDER, MANIFEST, MODEL, WEIGHTS

_ITEMS = {MODEL: "CoreML Model Specification", WEIGHTS: "CoreML Model Weights"}
_STAMPED = ("com.github.apple.coremltools.conversion_date",)


def write_program(spec: Any, package: Path) -> None:
    """Write the coremltools ``Model`` message ``spec`` into the folder ``package``, which holds its weights already.

    Raises:
        OSError: a file cannot be written.
    """
    for key in _STAMPED:
        spec.description.metadata.userDefined.pop(key, None)
    (package / DATA / MODEL).write_bytes(spec.SerializeToString(deterministic=True))
    (package / MANIFEST).write_text(_manifest())


def _manifest() -> str:
    identifiers = {path: str(uuid.uuid5(uuid.NAMESPACE_URL, f"pia-edge/{path}")) for path in _ITEMS}
    entries = {
        identifiers[path]: {
            "author": FOLDER,
            "description": description,
            "name": path.removeprefix(f"{FOLDER}/"),
            "path": path,
        }
        for path, description in _ITEMS.items()
    }
    manifest = {
        "fileFormatVersion": "1.0.0",
        "itemInfoEntries": entries,
        "rootModelIdentifier": identifiers[MODEL],
    }
    return json.dumps(manifest, indent=4, sort_keys=True) + "\n"
