"""Trying a recipe without exporting: the reference's UNet in PyTorch with weights as a runtime would restore them."""

from dataclasses import dataclass

import torch

from pia_edge.bundle import Bundle
from pia_edge.cancel import CancelToken
from pia_edge.export.denoising import compare_run, drift, run_reference
from pia_edge.export.parity import check, reference_cases
from pia_edge.export.precision import Threshold
from pia_edge.export.recipe import Recipe, Storage
from pia_edge.export.source import open_source
from pia_edge.export.storing import restored
from pia_edge.modules import Module
from pia_edge.nn.reference_modules import build
from pia_edge.runtimes.reference import ReferenceSession
from pia_edge.runtimes.torch_device import TorchDevice


@dataclass(frozen=True)
class Quality:
    """What the gate of an export measures of a UNet."""

    psnr_db: float
    """Of the worst step of a denoising run."""
    alone_db: float
    """Of the worst case of the module alone, small clips of random numbers among them."""
    cfg_delta_ratio: float
    """Effect of the prompt, in parts of the reference's."""
    flicker_ratio: float
    """Change from frame to frame, in parts of the reference's."""

    def passes(self, threshold: Threshold) -> bool:
        """Return whether an export of this quality may be written."""
        drifts = (drift(ratio) for ratio in (self.cfg_delta_ratio, self.flicker_ratio))
        exact = self.psnr_db >= threshold.run_db and self.alone_db >= threshold.minimum_db
        return exact and max(drifts) <= threshold.largest_drift

    def __str__(self) -> str:
        return (
            f"{self.psnr_db:.1f} dB, {self.alone_db:.1f} dB on random numbers, prompt acts {self.cfg_delta_ratio:.3f} "
            f"times as much, flicker {self.flicker_ratio:.3f} times"
        )


class Trial:
    """A UNet whose weights change from recipe to recipe, and what the reference answered."""

    def __init__(self, reference: Bundle, cancel: CancelToken) -> None:
        """Run ``reference`` on everything that the gate compares.

        Raises:
            BundleError: the weights are not those of the network the manifest describes.
            BackendError: a module could not be run.
            Cancelled: ``cancel`` was used.
        """
        self.run = run_reference(reference)
        self._cancel = cancel
        cancel.check()
        self.network = build(reference, Module.UNET).eval()
        """As the reference has it until :meth:`measure` is called."""
        # On the processor, as in the gate: what is found then depends on no device.
        self._session = ReferenceSession(Module.UNET, self.network, TorchDevice("cpu"))
        with cancel.interrupting(self._session.interrupt):
            self._cases = reference_cases(Module.UNET, self._session, reference)
        self._read = open_source(reference, Module.UNET).read
        self._stored: dict[str, Storage] = {}

    def measure(self, recipe: Recipe) -> Quality:
        """Return how far the UNet is from the reference if it is stored as ``recipe`` says.

        Raises:
            ParityError: it returns NaN or infinity.
            Cancelled: the token was used.
        """
        self._store(recipe)
        with self._cancel.interrupting(self._session.interrupt):
            found = compare_run(self._session, self.run, "reference")
            alone = check(Module.UNET, self._session, self._cases, minimum_db=float("-inf"))
        return Quality(found.psnr_db, alone.psnr_db, found.cfg_delta_ratio, found.flicker_ratio)

    def _store(self, recipe: Recipe) -> None:
        """Replace the weights that were stored otherwise; originals are read again, for two sets would take 10 GB."""
        for name, parameter in self.network.named_parameters():
            self._cancel.check()
            storage = recipe.storage(Module.UNET, name, tuple(parameter.shape))
            if self._stored.get(name) is not storage:
                parameter.data.copy_(torch.from_numpy(restored(self._read(name), storage)))
                self._stored[name] = storage
