"""The clip that the user is composing: one immutable value, and a signal when it becomes another."""

from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from pia_edge.decoding import Decoder
from pia_edge.errors import RequestError
from pia_edge.job import Job
from pia_edge.motion import Motion
from pia_edge.request import AnimationRequest, Fit, SchedulerName


class DraftState(msgspec.Struct, frozen=True, kw_only=True):
    """What was chosen so far; the fields mean what those of :class:`AnimationRequest` and :class:`Job` mean."""

    picture: Path | None = None
    last_picture: Path | None = None
    prompt: str = ""
    negative_prompt: str | None = None
    prompts_at: tuple[tuple[int | str, str], ...] = ()
    motion: Motion = msgspec.field(default_factory=Motion)
    num_frames: int | None = None
    size: tuple[int, int] | None = None
    fit: Fit = Fit.ORIGINAL
    condition_frame: int = 0
    scheduler: SchedulerName | None = None
    num_inference_steps: int | None = None
    guidance_scale: float | None = None
    guidance_interval: tuple[float, float] | None = None
    seed: int | None = None
    """None draws one for every clip."""
    fps: float = 8.0
    ping_pong: bool = False
    interpolate: int = 1
    bundle: str | None = None
    backend: str = "auto"
    device: str | None = None
    decoder: Decoder = Decoder.FULL

    def request(self) -> AnimationRequest:
        """Return what is asked of the pipeline.

        Raises:
            RequestError: a value is outside its range, or two exclude each other.
        """
        names = AnimationRequest.__struct_fields__
        return AnimationRequest(**{name: getattr(self, name) for name in names if hasattr(self, name)})

    def job(self, output: Path, *, max_memory: int | None = None) -> Job:
        """Return the job that makes the clip as ``output``.

        Raises:
            RequestError: there is no picture or no prompt yet, or as :meth:`request`.
        """
        if self.picture is None:
            raise RequestError("Choose a picture first: open one, drop one here, or paste one.")
        if not self.prompt.strip():
            raise RequestError("Say first what the picture shows and what should move.")
        return Job(
            picture=self.picture,
            request=self.request(),
            output=output,
            last_picture=self.last_picture,
            bundle=self.bundle,
            backend=self.backend,
            device=self.device,
            decoder=self.decoder,
            ping_pong=self.ping_pong,
            interpolate=self.interpolate,
            max_memory=max_memory,
        )


class Draft(QObject):
    """The clip being composed."""

    changed = Signal(object, object)
    """The state before, and the state now; never equal."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = DraftState()

    @property
    def state(self) -> DraftState:
        """What was chosen so far."""
        return self._state

    def change(self, **choices: Any) -> None:
        """Choose: names are fields of :class:`DraftState`. Nothing happens where nothing changes.

        Raises:
            RequestError: a value is outside its range; nothing has changed then.
        """
        self.replace(msgspec.structs.replace(self._state, **choices))

    def replace(self, state: DraftState) -> None:
        """Take ``state`` as a whole, such as that of an older clip.

        Raises:
            RequestError: a value is outside its range; nothing has changed then.
        """
        if state == self._state:
            return
        if state.prompt:
            state.request()
        else:
            msgspec.structs.replace(state, prompt="-").request()
        before, self._state = self._state, state
        self.changed.emit(before, state)
