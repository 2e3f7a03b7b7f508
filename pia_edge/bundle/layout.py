"""How wide a bundle's UNet is."""

from collections.abc import Sequence
from typing import cast

from pia_edge.bundle.manifest import Layout, Manifest

_STABLE_DIFFUSION = Layout(channels=(320, 640, 1280, 1280), attention=(True, True, True, False), heads=8)


def layout_of(manifest: Manifest) -> Layout:
    """Return what the manifest says, or the layout of Stable Diffusion 1.5 where it says nothing."""
    if manifest.layout is not None or manifest.network is None:
        return manifest.layout or _STABLE_DIFFUSION
    unet, usual = manifest.network.unet, _STABLE_DIFFUSION
    return Layout(
        channels=tuple(cast("Sequence[int]", unet.get("block_out_channels", usual.channels))),
        attention=tuple(cast("Sequence[bool]", unet.get("cross_attention", usual.attention))),
        heads=cast("int", unet.get("num_heads", usual.heads)),
    )
