"""Self-tests as rows for machines and as lines for people."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from pia_edge.backend import Backend
from pia_edge.bundle import Bundle
from pia_edge.errors import PiaError
from pia_edge.runtimes.self_test import Call, Tested, try_device

# JSON has no infinity: 200 dB is beyond what float32 can tell.
_MOST_DB = 200.0


def bundle_row(bundle: Bundle) -> dict[str, str]:
    """Return what a report says of the bundle that is run: nothing of where it lies."""
    manifest = bundle.manifest
    return {"name": manifest.name, "format": manifest.format.value, "sha256": bundle.sha256}


def bundle_line(bundle: Bundle) -> str:
    """Return the same as a line."""
    return f"bundle {bundle.manifest.name} ({bundle.manifest.format}, {bundle.sha256[:12]})"


def expectation(tested: str, backend: Backend, device: str) -> str:
    """Return what ``tested`` is compared with as a line."""
    return f"{tested}, expected to compute what {backend.name} does on {device} in float32"


def module_rows(bundle: Bundle, backend: Backend, device: str, calls: Sequence[Call]) -> Iterator[dict[str, Any]]:
    """Yield, once each module has run on ``device``, how that went; ``failed`` says why it is wrong, if it is."""
    for call, found in zip(calls, try_device(bundle, backend, device, calls), strict=True):
        if isinstance(found, PiaError):
            yield {"module": call.module.value, "failed": str(found)}
        else:
            yield _row(found)


def module_line(row: dict[str, Any]) -> str:
    """Return one of the rows as a line."""
    if "failed" in row:
        return f"  {row['module']:<14} FAILED: {row['failed']}"
    return (
        f"  {row['module']:<14} {row['psnr_db']:6.1f} dB, loaded in {row['load_seconds']:.2f} s, "
        f"runs in {row['run_seconds'] * 1000:.0f} ms on {row['ran_on']}"
    )


def _row(tested: Tested) -> dict[str, Any]:
    row: dict[str, Any] = {
        "module": tested.module.value,
        "ran_on": tested.device,
        "psnr_db": round(min(max(tested.psnr_db, -_MOST_DB), _MOST_DB), 1),
        "load_seconds": round(tested.load_seconds, 3),
        "run_seconds": round(tested.run_seconds, 4),
    }
    if not tested.passed:
        wrong = "NaN, infinity or another shape" if math.isinf(tested.psnr_db) else f"{tested.psnr_db:.1f} dB"
        row["failed"] = f"expected what the processor computes, found {wrong}"
    return row
