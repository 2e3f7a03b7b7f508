"""What ``animate`` and ``replay`` share: checking where the clip goes, and making it."""

from pathlib import Path
from typing import TYPE_CHECKING

from pia_edge.cli.terminal import ProgressLine, run_interruptibly
from pia_edge.errors import OutputError
from pia_edge.request import AnimationRequest

if TYPE_CHECKING:
    from pia_edge.cancel import CancelToken
    from pia_edge.clip import Animation
    from pia_edge.image import Picture
    from pia_edge.pipeline import AnimationPipeline


def check_target(output: str, picture: "Picture", *, fps: float, overwrite: bool) -> None:
    """Check, before any work is done, that a clip may be written to ``output``.

    Raises:
        PiaError: no format has this name, the place cannot be written, or the picture itself lies there.
    """
    from pia_edge.clip import check_output

    check_output(output, fps=fps, overwrite=overwrite)
    if Path(output).exists() and Path(output).samefile(picture.path):
        raise OutputError(f"{output} is the picture itself, which the clip would replace. Choose another name with -o.")


def make_clip(
    pipeline: "AnimationPipeline", picture: "Picture", request: AnimationRequest, *, quiet: bool = False
) -> "Animation":
    """Return the clip, showing progress unless ``quiet``; Ctrl-C and SIGTERM stop it within a step.

    Raises:
        PiaError: anything that keeps the clip from being made.
    """
    line = None if quiet else ProgressLine()

    def work(token: "CancelToken") -> "Animation":
        return pipeline.animate(picture, request, on_step=line, cancel=token)

    try:
        return run_interruptibly(work)
    finally:
        if line:
            line.close()
