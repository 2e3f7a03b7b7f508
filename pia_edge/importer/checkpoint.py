"""A single file of a base model: the tensors of each part under our names, and what is left out."""

import re
from collections import Counter
from collections.abc import Callable, Iterable

from pia_edge.importer.kinds import Kind
from pia_edge.importer.ldm_names import text_names, unet_names, vae_names
from pia_edge.importer.parts import Contents, Part, PartName, Ref
from pia_edge.importer.tensor_file import TensorFile

Renamed = Callable[[Iterable[str]], dict[str, str]]

# (beginning of the names, part, how they are renamed once the beginning is taken away); longest beginning first.
_LAYOUTS: dict[Kind, tuple[tuple[str, PartName, Renamed], ...]] = {
    Kind.CHECKPOINT: (
        ("cond_stage_model.transformer.", PartName.TEXT_ENCODER, text_names),
        ("model.diffusion_model.", PartName.UNET, unet_names),
        ("first_stage_model.", PartName.VAE, vae_names),
    ),
    Kind.LDM_UNET: (("", PartName.UNET, unet_names),),
    Kind.UNET: (("", PartName.UNET, lambda names: {name: name for name in names}),),
    Kind.VAE: (("first_stage_model.", PartName.VAE, vae_names), ("", PartName.VAE, vae_names)),
    Kind.TEXT_ENCODER: (
        ("cond_stage_model.transformer.", PartName.TEXT_ENCODER, text_names),
        ("", PartName.TEXT_ENCODER, text_names),
    ),
}
_LEFT_OUT = (
    (re.compile(r"model_ema\..*"), "a second copy of the UNet, averaged over its training (EMA)"),
    (re.compile(r"(first_stage_model\.)?loss\..*"), "what only training needs"),
    (re.compile(r"(.*\.)?position_ids"), "numbers of positions, which are counted anew"),
    (re.compile(r"(.*\.)?(text_projection(\.weight)?|logit_scale)"), "CLIP's projection, which Stable Diffusion skips"),
    (
        re.compile(r"(model\.)?(\w*alphas_cumprod\w*|betas|posterior_\w+|logvar|scale_factor)"),
        "the noise schedule, which PIA replaces",
    ),
)


def sort_checkpoint(file: TensorFile, kind: Kind) -> Contents:
    """Return the parts of a file of the kinds CHECKPOINT, LDM_UNET, UNET, VAE or TEXT_ENCODER."""
    left_out: Counter[str] = Counter()
    unknown: list[str] = []
    names: dict[str, list[str]] = {}
    beginnings = [beginning for beginning, *_ in _LAYOUTS[kind]]
    for name in file.tensors:
        reason = next((reason for pattern, reason in _LEFT_OUT if pattern.fullmatch(name)), None)
        beginning = next((beginning for beginning in beginnings if name.startswith(beginning)), None)
        if reason is not None:
            left_out[reason] += 1
        elif beginning is None:
            unknown.append(name)
        else:
            names.setdefault(beginning, []).append(name.removeprefix(beginning))
    if unknown:
        left_out[f"of no known part, the first {unknown[0][:60]!a}"] = len(unknown)
    parts = {}
    for beginning, part, renamed in _LAYOUTS[kind]:
        if found := names.get(beginning):
            refs = {ours: Ref(file, beginning + theirs) for ours, theirs in renamed(found).items()}
            parts[part] = Part(refs=refs)
    return Contents(file=file, parts=parts, left_out=left_out)
