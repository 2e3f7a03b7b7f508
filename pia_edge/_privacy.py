"""Keeps both runtimes from phoning home; imported before any of them.

ONNX Runtime 1.29 and later looks up a telemetry host and writes a device id when its first session is
made; only the environment variable, set before the import, stops it. A bare ``import openvino`` opens an
analytics session; only an absent ``openvino_telemetry`` module stops it (the runtime then uses its own stub).
"""

import os
import sys


def silence_runtimes() -> None:
    """Switch off the telemetry of ONNX Runtime, OpenVINO and huggingface_hub for this process."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    if "openvino_telemetry" not in sys.modules:
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
