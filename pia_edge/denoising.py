"""From noise to the latents of a clip: a scheduler's walk, in each step of which the UNet says what noise there is."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pia_edge.cancel import CancelToken
from pia_edge.encoding import Conditions
from pia_edge.loaded_modules import LoadedModules
from pia_edge.memory_plan import MemoryPlan
from pia_edge.modules import Module
from pia_edge.preview import LatentPreview
from pia_edge.progress import OnStep, Pace, Stage
from pia_edge.schedulers import Walk, guide
from pia_edge.settings import Settings
from pia_edge.windows import Window

Float32s = NDArray[np.float32]


def denoise(
    modules: LoadedModules,
    settings: Settings,
    plan: MemoryPlan,
    walk: Walk,
    conditions: Conditions,
    on_step: OnStep | None,
    token: CancelToken,
) -> Float32s:
    """Return the latents of the clip, (1, channels, frames, height / 8, width / 8), scaled.

    Args:
        modules: hold the UNet, which is loaded first if it is not.
        settings: of the clip.
        plan: whether prompts take turns.
        walk: from noise to latents.
        conditions: what the UNet is given in every step.
        on_step: told of every window of every step.
        token: stops it when cancelled.

    Raises:
        NumericError: the UNet returned NaN or infinity.
        BackendError: it could not be loaded or run.
        Cancelled: ``token`` was used.
    """
    _prepare(modules, on_step, token)
    asking = _Asking(modules, settings, plan, conditions, token)
    steps = range(settings.num_inference_steps)
    pace = Pace(Stage.DENOISE, sum(len(settings.windows_at(index)) for index in steps), on_step)
    preview = LatentPreview(settings.picture.pixels, conditions.image_latents) if pace.wanted else None
    latents = walk.start(conditions.noise)
    done = 0
    for index in steps:
        after = done + len(settings.windows_at(index))

        def report(window: int, done: int = done, after: int = after) -> None:
            # The last window is told of with the step, whose preview it completes.
            if done + window < after:
                pace.report(done + window)

        noise_pred = asking.noise_pred(index, int(walk.timesteps[index]), latents, report)
        latents, original = walk.step(index, noise_pred, latents)
        pace.report(after, preview.frames(original) if preview else None)
        done = after
    return latents


def _prepare(modules: LoadedModules, on_step: OnStep | None, token: CancelToken) -> None:
    if not modules.is_loaded(Module.UNET):
        pace = Pace(Stage.PREPARE, 1, on_step)
        pace.report(0)
        token.check()
        modules.load(Module.UNET)
        pace.report(1)


@dataclass(frozen=True)
class _Asking:
    """Asks the UNet for the noise in the latents of one clip."""

    modules: LoadedModules
    settings: Settings
    plan: MemoryPlan
    conditions: Conditions
    token: CancelToken

    def noise_pred(self, index: int, timestep: int, latents: Float32s, on_window: Callable[[int], None]) -> Float32s:
        """What noise there is in ``latents`` at one step, guidance included, of the shape of ``latents``."""
        windows = self.settings.windows_at(index)
        if len(windows) == 1:
            return self._of_window(index, timestep, latents, windows[0], "")
        blended = np.zeros_like(latents)
        for number, window in enumerate(windows, start=1):
            part = np.take(latents, window.frames, axis=2)
            found = self._of_window(index, timestep, part, window, f", window {number} of {len(windows)}")
            blended[:, :, window.frames] += _by_frame(window.weights) * found
            on_window(number)
        return blended

    def _of_window(self, index: int, timestep: int, latents: Float32s, window: Window, which: str) -> Float32s:
        settings, conditions = self.settings, self.conditions
        where = f" at step {index + 1} of {settings.num_inference_steps}{which}"

        def ask(text: Float32s) -> Float32s:
            (found,) = self.modules.run(
                Module.UNET,
                self.token,
                where=where,
                latents=np.repeat(latents, len(text), axis=0),
                timestep=np.array([timestep], dtype=np.int64),
                encoder_hidden_states=text,
                affinity=np.take(conditions.affinity, window.frames, axis=1),
                appearance=conditions.appearance,
                gain=conditions.gain,
            )
            return found

        negative = conditions.negative if settings.is_guided(index) else None
        if len(conditions.prompts) > 1:
            return self._travelling(ask, negative, window)
        if negative is None:
            return ask(conditions.prompts)
        # A batch of another size would be compiled anew, so where it changes from step to step it is always one.
        alone = self.plan.split_guidance or settings.request.guidance_interval is not None
        parts = [negative, conditions.prompts]
        found = [ask(part) for part in parts] if alone else [ask(np.concatenate(parts))]
        return guide(np.concatenate(found), settings.guidance_scale)

    def _travelling(self, ask: Callable[[Float32s], Float32s], negative: Float32s | None, window: Window) -> Float32s:
        """Blend what the UNet says of each prompt that acts within ``window``; see :mod:`pia_edge.prompt_travel`."""
        weights = self.settings.travel.weights[:, window.frames]
        without = None if negative is None else ask(negative)
        acting = np.flatnonzero(weights.any(axis=1))
        prompted = sum(_by_frame(weights[each]) * ask(self.conditions.prompts[each : each + 1]) for each in acting)
        blended = np.asarray(prompted, dtype=np.float32)
        if without is None:
            return blended
        return guide(np.concatenate([without, blended]), self.settings.guidance_scale)


def _by_frame(weights: Float32s) -> Float32s:
    """``weights`` (frames,) for latents (batch, channels, frames, height, width)."""
    return weights[:, None, None]
