"""Opening all that a request names, and choosing which of it gives each part of the bundle."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pia_edge.errors import ModelError
from pia_edge.importer.bundle_source import BundleSource, open_bundle_source
from pia_edge.importer.model import Model, open_model
from pia_edge.importer.network_config import text_arguments, unet_arguments, vae_arguments
from pia_edge.importer.parts import Part, PartName
from pia_edge.importer.pia_source import PiaSource, open_pia
from pia_edge.importer.request import ImportRequest
from pia_edge.importer.tiny_decoder import open_tiny_decoder

_OPTION = {
    PartName.VAE: "This base has no autoencoder of its own; give one with --vae",
    PartName.TEXT_ENCODER: "This base has no text encoder of its own; give one with --text-encoder",
    PartName.UNET: "Choose a file or folder with the whole model",
}

Arguments = Mapping[str, object]


@dataclass(frozen=True, kw_only=True, eq=False)
class Ingredients:
    """All opened sources, and which gives what."""

    request: ImportRequest
    models: Mapping[str, Model]
    """What the user calls them (base, VAE, text encoder, tiny decoder), and what they hold."""
    pia: PiaSource | None
    bundle: BundleSource | None
    parts: Mapping[PartName, Part]
    """Of the UNet's spatial layers, the autoencoder, the text encoder and, if there is one, the tiny decoder."""
    unet: Arguments
    vae: Arguments
    text: Arguments
    replaced: frozenset[PartName] = field(default_factory=frozenset)
    """Parts that do not come from the bundle."""

    @property
    def temporal(self) -> Part:
        """The motion modules."""
        if self.pia is not None:
            return self.pia.temporal
        return _of(self.bundle).parts[PartName.TEMPORAL]


def gather(request: ImportRequest) -> Ingredients:
    """Open everything that ``request`` names.

    Raises:
        ModelError: a file is missing, damaged or of the wrong kind, or a part is nowhere to be found.
        BundleError: the bundle to change cannot be opened.
    """
    bundle = open_bundle_source(request.bundle) if request.bundle is not None else None
    named = {"base": request.base, "VAE": request.vae, "text encoder": request.text_encoder}
    models = {
        what: open_model(path, allow_pickle=request.allow_pickle) for what, path in named.items() if path is not None
    }
    if request.tiny_decoder is not None:
        models["tiny decoder"] = open_tiny_decoder(request.tiny_decoder, allow_pickle=request.allow_pickle)
    pia = open_pia(request.pia, allow_pickle=request.allow_pickle) if request.pia is not None else None
    chosen = {
        PartName.UNET: _choose(PartName.UNET, models, ("base",)),
        PartName.VAE: _choose(PartName.VAE, models, ("VAE", "base")),
        PartName.TEXT_ENCODER: _choose(PartName.TEXT_ENCODER, models, ("text encoder", "base")),
    }
    if tiny := _choose(PartName.TINY_DECODER, models, ("tiny decoder",)):
        chosen[PartName.TINY_DECODER] = tiny
    elif bundle is not None and PartName.TINY_DECODER in bundle.parts:
        chosen[PartName.TINY_DECODER] = None
    replaced = {name for name, part in chosen.items() if part is not None}
    parts = {name: part or _from_bundle(name, bundle, models.get("base")) for name, part in chosen.items()}
    frames = pia.motion_max_frames if pia is not None else _frames(bundle)
    new_unet = PartName.UNET in replaced
    return Ingredients(
        request=request,
        models=models,
        pia=pia,
        bundle=bundle,
        parts=parts,
        unet=unet_arguments(parts[PartName.UNET], frames) if new_unet else _of(bundle).network.unet,
        vae=vae_arguments(parts[PartName.VAE]) if PartName.VAE in replaced else _of(bundle).network.vae,
        text=(
            text_arguments(parts[PartName.TEXT_ENCODER])
            if PartName.TEXT_ENCODER in replaced
            else _of(bundle).network.text_encoder
        ),
        replaced=frozenset(replaced | ({PartName.TEMPORAL, PartName.CONDITION} if pia is not None else set())),
    )


def _choose(name: PartName, models: Mapping[str, Model], order: tuple[str, ...]) -> Part | None:
    """The part of the first model in ``order`` that has it; a model named for this very part must have it."""
    for what in order:
        if what not in models:
            continue
        part = models[what].parts.get(name)
        if part is not None:
            return part
        if what != "base":
            found = ", ".join(models[what].parts) or "nothing known"
            raise ModelError(f"{models[what].path}: expected the {name}, found {found}. Choose another file.")
    return None


def _from_bundle(name: PartName, bundle: BundleSource | None, base: Model | None) -> Part:
    if base is not None and (bundle is None or name is PartName.UNET):
        found = ", ".join(base.parts) or "nothing known"
        raise ModelError(f"{base.path}: expected the {name}, found only: {found}. {_OPTION[name]}.")
    return _of(bundle).parts[name]


def _frames(bundle: BundleSource | None) -> int:
    found = _of(bundle).network.unet.get("motion_max_frames", 32)
    return found if isinstance(found, int) else 32


def _of(bundle: BundleSource | None) -> BundleSource:
    # ImportRequest makes sure that a bundle is given wherever base model or PIA weights are not.
    if bundle is None:
        raise TypeError("a request without base and PIA weights names a bundle")
    return bundle
