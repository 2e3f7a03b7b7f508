"""Whether a device computes what it should: every module of a bundle on it, against the processor of this machine."""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pia_edge.affinity import affinity_curve
from pia_edge.backend import Array, Backend, Session
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize
from pia_edge.errors import BackendError, PiaError
from pia_edge.modules import Module
from pia_edge.request import Motion
from pia_edge.runtimes.choose import BACKENDS

LEAST_DB = 35.0
"""What half precision stays well above, and a wrong result does not reach."""
_FRAMES = 4
_EDGE = 128
_PROCESSORS = (("intel", "CPU"), ("cpu", "CPU"), ("apple", "cpu"), ("reference", "cpu"))


@dataclass(frozen=True)
class Call:
    """What a module was given, and what the processor made of it."""

    module: Module
    inputs: dict[str, Array]
    outputs: tuple[Array, ...]


@dataclass(frozen=True, kw_only=True)
class Tested:
    """One module on one device."""

    module: Module
    device: str
    """Where it ran, as the runtime says."""
    psnr_db: float
    """Against the processor; the peak is the largest value there."""
    load_seconds: float
    run_seconds: float
    """Of the second run: the first one compiles."""

    @property
    def passed(self) -> bool:
        """Whether it is what the processor computes, but for half precision."""
        return self.psnr_db >= LEAST_DB


def processor_for(bundle: Bundle, tested: str) -> tuple[Backend, str]:
    """Return what computes the expected results for the backend ``tested``: another one, if another runs here.

    Raises:
        BackendError: nothing here runs the bundle on the processor.
    """
    # Last of all the one that would be compared with itself.
    for name, device in sorted(_PROCESSORS, key=lambda each: each[0] == tested):
        backend = BACKENDS[name]()
        if bundle.manifest.format in backend.formats and backend.unavailable() is None:
            return backend, device
    raise BackendError(
        f"Nothing here runs {bundle.manifest.format} bundles on the processor to compare with. Test another --bundle."
    )


def expected_calls(bundle: Bundle, backend: Backend, device: str) -> list[Call]:
    """Run every module on the processor, each on what those before it gave, in float32.

    Raises:
        PiaError: the processor cannot run the bundle.
    """
    calls: list[Call] = []

    def run(module: Module, **inputs: Array) -> tuple[Array, ...]:
        outputs = backend.load(bundle, module, device, exact=True).infer(**inputs)
        calls.append(Call(module, inputs, outputs))
        return outputs

    clip, random = _clip(bundle), np.random.default_rng(0)
    vae = bundle.manifest.vae
    (text,) = run(Module.TEXT_ENCODER, input_ids=np.stack([np.arange(77), np.arange(77)[::-1]]).astype(np.int64))
    picture = np.tanh(random.standard_normal((1, 3, clip.height, clip.width), dtype=np.float32))
    mean, _ = run(Module.VAE_ENCODER, image=picture)
    appearance, gain = run(Module.CONDITION, image_latents=mean * np.float32(vae.scaling_factor))
    shape = (2, vae.latent_channels, clip.frames, *mean.shape[2:])
    run(
        Module.UNET,
        latents=random.standard_normal(shape, dtype=np.float32),
        timestep=np.array([bundle.manifest.scheduler.num_train_timesteps // 2], dtype=np.int64),
        encoder_hidden_states=text,
        affinity=affinity_curve(Motion(), clip.frames, 0)[None],
        appearance=appearance,
        gain=gain,
    )
    run(Module.VAE_DECODER, latents=mean)
    return calls


def try_device(bundle: Bundle, backend: Backend, device: str, calls: Sequence[Call]) -> Iterator[Tested | PiaError]:
    """Yield for each of ``calls`` how ``device`` does it, or why it cannot."""
    for call in calls:
        try:
            yield _tested(bundle, backend, device, call)
        except PiaError as error:
            yield error


def _tested(bundle: Bundle, backend: Backend, device: str, call: Call) -> Tested:
    started = time.perf_counter()
    session: Session = backend.load(bundle, call.module, device)
    session.infer(**call.inputs)
    loaded = time.perf_counter()
    outputs = session.infer(**call.inputs)
    return Tested(
        module=call.module,
        device=session.device,
        psnr_db=min(map(_psnr, outputs, call.outputs)),
        load_seconds=loaded - started,
        run_seconds=time.perf_counter() - loaded,
    )


def _psnr(found: Array, expected: Array) -> float:
    if found.shape != expected.shape or not np.isfinite(found).all():
        return -math.inf
    rmse = float(np.sqrt(np.mean(np.square(found.astype(np.float64) - expected))))
    return 20 * math.log10(max(float(np.abs(expected).max()), 1e-30) / rmse) if rmse else math.inf


def _clip(bundle: Bundle) -> ClipSize:
    """The smallest clip that shows everything."""
    if bundle.manifest.clips:
        return bundle.manifest.clips[0]
    sizes = bundle.manifest.sizes
    edge = max(sizes.minimum, min(sizes.long_edge, _EDGE) // sizes.multiple * sizes.multiple)
    return ClipSize(frames=min(_FRAMES, bundle.manifest.frames.maximum), width=edge, height=edge)
