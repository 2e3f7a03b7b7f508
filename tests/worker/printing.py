"""A worker whose libraries print, from Python and from C."""

import os
from typing import Any

from pia_edge import pipeline
from pia_edge.worker.serving import serve

animate = pipeline.AnimationPipeline.animate


def noisy(*arguments: Any, **named: Any) -> Any:
    print("printed", flush=True)
    os.write(1, b"written\n")
    return animate(*arguments, **named)


pipeline.AnimationPipeline.animate = noisy  # type: ignore[method-assign]
serve()
