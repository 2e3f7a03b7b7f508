"""A backend of a few lines of NumPy in place of a network: quick, and known to the last number.

Its UNet treats frames independently of each other, unless told to mix them; a window then changes nothing.
"""

from collections.abc import Sequence

import numpy as np

from pia_edge.backend import Array, check_inputs
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.memory_use import MemoryUse
from pia_edge.modules import Module

CHANNELS = 8


class PlainBackend:
    """Runs every module of any bundle; keeps the inputs of every call."""

    name = "plain"
    library = "numpy"
    formats = tuple(Format)

    def __init__(self, mixing: float = 0.0) -> None:
        """Mix frames with their mean by ``mixing``, 0 to 1."""
        self.mixing = mixing
        self.calls: list[tuple[Module, dict[str, Array]]] = []

    def unavailable(self) -> str | None:
        return None

    def devices(self) -> Sequence[str]:
        return ("CPU",)

    def memory_use(self, bundle: Bundle, device: str | None = None) -> MemoryUse | None:  # noqa: ARG002
        return MemoryUse(process=10**8, unet=2.0, others=0.1, values=30.0, scores=4.0, pixels=10.0)

    def load(self, bundle: Bundle, module: Module, device: str | None = None, *, exact: bool = False) -> "PlainSession":  # noqa: ARG002
        return PlainSession(self, module, bundle.manifest.vae.downscale)

    def unet_calls(self) -> list[dict[str, Array]]:
        return [inputs for module, inputs in self.calls if module is Module.UNET]


class PlainSession:
    device = "CPU"
    exact = True

    def __init__(self, backend: PlainBackend, module: Module, scale: int) -> None:
        self._backend, self._module, self._scale = backend, module, scale

    def infer(self, **inputs: Array) -> tuple[Array, ...]:
        check_inputs(self._module, inputs)
        self._backend.calls.append((self._module, inputs))
        outputs: tuple[Array, ...] = getattr(self, f"_{self._module}")(**inputs)
        return tuple(np.ascontiguousarray(output, dtype=np.float32) for output in outputs)

    def interrupt(self) -> None:
        """End nothing: a call takes no time."""

    def _text_encoder(self, input_ids: Array) -> tuple[Array, ...]:
        return (np.sin(input_ids[..., None] * np.arange(1, CHANNELS + 1) / 7),)

    def _vae_encoder(self, image: Array) -> tuple[Array, ...]:
        _, _, height, width = image.shape
        blocks = image.reshape(1, 3, height // self._scale, self._scale, width // self._scale, self._scale)
        mean = blocks.mean(axis=(3, 5))
        mean = np.concatenate([mean, mean.mean(axis=1, keepdims=True)], axis=1)
        return mean, np.full_like(mean, 0.1)

    def _condition(self, image_latents: Array) -> tuple[Array, ...]:
        appearance = np.concatenate([image_latents, -image_latents], axis=1)
        return appearance, np.full_like(appearance[:1], 0.5)

    def _unet(
        self,
        latents: Array,
        timestep: Array,
        encoder_hidden_states: Array,
        affinity: Array,
        appearance: Array,
        gain: Array,
    ) -> tuple[Array, ...]:
        condition = appearance[:, None] + np.einsum("gf,gchw->fchw", affinity, gain)[None]
        text = np.sin(encoder_hidden_states.sum(axis=(1, 2)))[:, None, None, None, None]
        mixed = latents + self._backend.mixing * (latents.mean(axis=2, keepdims=True) - latents)
        own = mixed * np.float32(0.5) + 0.3 * text - 0.2 * condition[:, :, :4].transpose(0, 2, 1, 3, 4)
        return (own + timestep[0] / 5000,)

    def _vae_decoder(self, latents: Array) -> tuple[Array, ...]:
        return (np.tanh(latents[:, :3]).repeat(self._scale, axis=2).repeat(self._scale, axis=3),)
