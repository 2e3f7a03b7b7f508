"""Which device each module is to run on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from pia_edge.errors import RequestError
from pia_edge.modules import MODULES, OPTIONAL_MODULES, Module

_KNOWN = (*MODULES, *OPTIONAL_MODULES)


@dataclass(frozen=True)
class DeviceChoice:
    """A device for all modules, and others for some."""

    usual: str | None = None
    """None leaves the choice to the backend."""
    by_module: Mapping[Module, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str | None) -> Self:
        """Return the choice that ``text`` states: ``GPU``, or ``unet=NPU,vae_decoder=GPU,CPU``.

        Raises:
            RequestError: a module is unknown or named twice, a device is missing, or two are for all modules.
        """
        if text is None:
            return cls()
        usual: str | None = None
        found: dict[Module, str] = {}
        for part in text.split(","):
            name, equals, device = part.rpartition("=")
            module = name.strip()
            if not device.strip() or (equals and (module not in _KNOWN or module in found)) or (usual and not equals):
                raise RequestError(
                    f"device: expected a device, or MODULE=DEVICE with commas between, each of {', '.join(_KNOWN)} "
                    f"once at most, found {text[:100]!a}."
                )
            if equals:
                found[Module(module)] = device.strip()
            else:
                usual = device.strip()
        return cls(usual, found)

    def of(self, module: Module) -> str | None:
        """Return the device for ``module``; None leaves the choice to the backend."""
        return self.by_module.get(module, self.usual)
