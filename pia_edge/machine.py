"""What reports say of the machine: enough to compare, nothing of its user."""

import importlib.metadata
import os
import platform
from typing import Any

from pia_edge._version import __version__

_LIBRARIES = (
    *("numpy", "openvino", "onnxruntime", "onnxruntime-gpu", "coremltools", "torch", "diffusers", "pillow", "av"),
    "PySide6-Essentials",
)


def machine() -> dict[str, Any]:
    """Return program, system, processor and the versions of libraries that decide numbers or speed."""
    versions = {}
    for name in _LIBRARIES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {
        "pia-edge": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "versions": versions,
    }


def machine_lines(found: dict[str, Any]) -> list[str]:
    """Return what :func:`machine` found, for people to read."""
    return [
        f"PIA Edge {found['pia-edge']}, Python {found['python']}, {found['system']}",
        f"{found['processor']}, {found['cores']} cores",
        ", ".join(f"{name} {version}" for name, version in found["versions"].items()),
    ]
