"""The manifest of an imported bundle."""

import math
from collections.abc import Mapping

import msgspec

from pia_edge.bundle.manifest import Defaults, Format, Frames, Manifest, Network, Sizes, Source, Vae
from pia_edge.errors import BundleError, ModelError
from pia_edge.importer.ingredients import Arguments
from pia_edge.importer.parts import PartName
from pia_edge.importer.plan import Plan
from pia_edge.importer.provenance import readable
from pia_edge.nn.config import NormMode
from pia_edge.nn.reference_bundle import MODULES_OF_REFERENCE, OPTIONAL_MODULES_OF_REFERENCE
from pia_edge.schedulers import SchedulerConfig

TOKENIZER = ("vocab.json", "merges.txt")
_SCALING_FACTOR = 0.18215


def describe(plan: Plan, name: str, sources: tuple[Source, ...]) -> Manifest:
    """Return the manifest of the bundle that ``plan`` makes; its files are still to be listed.

    Raises:
        ModelError: what a configuration says of scheduler or autoencoder cannot be used.
    """
    found, bundle = plan.ingredients, plan.ingredients.bundle
    old = bundle.manifest if bundle is not None else None
    kept_vae = old.vae if old is not None and PartName.VAE not in found.replaced else None
    vae = kept_vae or _vae(found.vae, found.parts[PartName.VAE].config)
    frames = found.unet.get("motion_max_frames", 32)
    optional = OPTIONAL_MODULES_OF_REFERENCE if PartName.TINY_DECODER in found.parts else {}
    norm_mode = found.request.norm_mode or (NormMode(old.norm_mode) if old is not None else NormMode.PIA)
    return Manifest(
        name=readable(name),
        description=readable(_sentence(plan)),
        format=Format.TORCH,
        norm_mode=norm_mode.value,
        modules={
            module: msgspec.structs.replace(artifact, precision=plan.precision.value)
            for module, artifact in (MODULES_OF_REFERENCE | optional).items()
        },
        tokenizer=TOKENIZER,
        sizes=old.sizes if old is not None else Sizes(multiple=vae.downscale),
        frames=Frames(trained=16, maximum=frames if isinstance(frames, int) else 32),
        vae=vae,
        scheduler=_scheduler(plan),
        defaults=old.defaults if old is not None else Defaults(),
        added_tokens=plan.added_tokens,
        conv_in=plan.conv_in.value,
        affinity_statistics=old.affinity_statistics if old is not None else None,
        network=Network(
            unet=dict(found.unet), vae=dict(found.vae), text_encoder={**found.text, "vocab_size": plan.num_tokens}
        ),
        sources=sources,
        files={},
    )


def _sentence(plan: Plan) -> str:
    found = plan.ingredients
    base = found.request.base or found.request.bundle
    fused = [f"{lora.file.path.stem} at {lora.scale:g}" for lora in plan.loras]
    return f"PIA over {base.stem if base is not None else 'a base model'}" + "".join(f", {text}" for text in fused)


def _vae(arguments: Arguments, config: Mapping[str, object]) -> Vae:
    blocks, channels = arguments.get("block_out_channels"), arguments.get("latent_channels")
    scaling = config.get("scaling_factor", _SCALING_FACTOR)
    if not isinstance(scaling, int | float) or not 0 < scaling < math.inf:
        raise ModelError(
            f"Expected scaling_factor in the autoencoder's config.json to be a number such as {_SCALING_FACTOR}, found "
            f"{scaling!a}. Get the model again."
        )
    return Vae(
        scaling_factor=float(scaling),
        downscale=2 ** (len(blocks) - 1) if isinstance(blocks, list) else 8,
        latent_channels=channels if isinstance(channels, int) else 4,
    )


def _scheduler(plan: Plan) -> SchedulerConfig:
    """PIA's own noise schedule; only what the UNet predicts is the base model's."""
    base, bundle = plan.ingredients.models.get("base"), plan.ingredients.bundle
    kept = bundle.manifest.scheduler if bundle is not None else SchedulerConfig()
    prediction = base.config.get("prediction_type") if base is not None else None
    if prediction is None:
        return kept
    try:
        return msgspec.convert({**msgspec.structs.asdict(kept), "prediction_type": prediction}, SchedulerConfig)
    except (BundleError, msgspec.ValidationError) as error:
        raise ModelError(
            f"The base model's scheduler_config.json cannot be used: {error}. Get the model again."
        ) from error
