"""Writing Core ML's weight file: every constant once, however many functions read it."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from pia_edge.backend import Array
from pia_edge.bundle.mlpackage import WEIGHT_FILE
from pia_edge.export.coreml.mil_types import stored_value


class WeightFile:
    """The file ``weight.bin`` of a package, written constant by constant."""

    def __init__(self, path: Path) -> None:
        # The only public way to this writer is a conversion that holds all weights in memory.
        from coremltools.libmilstoragepython import _BlobStorageWriter

        self._writer = _BlobStorageWriter(str(path))
        self._offsets: dict[tuple[str, bytes], int] = {}

    def add(self, array: Array, dtype: str) -> Any:
        """Return a MIL ``Value`` that reads ``array``, which is written unless an equal one was.

        Args:
            array: its numbers; types below 8 bits as uint8.
            dtype: fp16, fp32, int8, uint8, uint6, uint4, int32, … as MIL calls them.
        """
        flat = np.ascontiguousarray(array).reshape(-1)
        key = dtype, hashlib.sha256(flat.data).digest()
        if key not in self._offsets:
            self._offsets[key] = self._write(flat, dtype)
        return stored_value(dtype, array.shape, f"@model_path/weights/{WEIGHT_FILE}", self._offsets[key])

    def _write(self, flat: Array, dtype: str) -> int:
        if dtype == "fp16":
            return int(self._writer.write_fp16_data(flat.view(np.uint16)))
        name = "float" if dtype == "fp32" else dtype
        return int(getattr(self._writer, f"write_{name}_data")(flat))
