"""The plan of an import: every tensor of the bundle to be, known before anything is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pia_edge.errors import ModelError
from pia_edge.importer.bundle_source import FILES
from pia_edge.importer.embedding import Embedding, open_embedding
from pia_edge.importer.ingredients import Ingredients, gather
from pia_edge.importer.lora import Lora, open_lora
from pia_edge.importer.network_config import expected_text, expected_unet, expected_vae
from pia_edge.importer.parts import PartName
from pia_edge.importer.pieces import Piece, pieces_of
from pia_edge.importer.request import ImportRequest, Precision
from pia_edge.importer.safetensors_writer import num_bytes
from pia_edge.importer.tiny_decoder import expected_tiny_decoder
from pia_edge.importer.tokenizer_files import check_words, find_tokenizer, vocabulary_size
from pia_edge.nn.weights import ConvIn

_TOKENS = "text_model.embeddings.token_embedding.weight"
_LATENT_CHANNELS = 4

Pieces = dict[str, Piece]


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """What will be written, and where it comes from."""

    ingredients: Ingredients
    files: Mapping[str, tuple[Piece, ...]]
    precision: Precision
    conv_in: ConvIn
    tokenizer: Path
    loras: tuple[Lora, ...]
    embeddings: tuple[Embedding, ...]
    added_tokens: dict[str, tuple[int, ...]]
    num_tokens: int
    """Rows of the text encoder's table, with the words that are added."""

    @property
    def num_bytes(self) -> int:
        """Size of all weights that will be written."""
        return sum(num_bytes(piece, self.precision.dtype) for pieces in self.files.values() for piece in pieces)

    def lines(self) -> Iterator[str]:
        """Yield, line by line, what each source is and what is taken from it."""
        found = self.ingredients
        if found.bundle is not None:
            kept = [name.value for name in FILES if name in found.bundle.parts and name not in found.replaced]
            yield f"bundle {found.bundle.path.name}: {', '.join(kept)}"
        for what, model in found.models.items():
            for line in model.lines():
                yield f"{what}: {line}"
        if found.pia is not None:
            file = found.pia.contents.file
            yield f"PIA: {file.path.name}, {'pickle' if file.pickled else 'safetensors'}"
            yield from (f"PIA:   {line}" for line in found.pia.contents.lines())
            yield f"PIA:   conv_in: condition channels; noisy-latent channels and bias from {self.conv_in.value}"
        for lora in self.loras:
            yield f"LoRA: {lora.file.path.name} at {lora.scale:g}: {lora.summary()}"
        for embedding in self.embeddings:
            yield f"embedding: {embedding.vectors.file.path.name}: {embedding.word!a}, {embedding.num_tokens} tokens"
        yield f"tokenizer: {self.tokenizer.name}/vocab.json, {vocabulary_size(self.tokenizer)} tokens"
        yield f"writes: {self.num_bytes / 1e6:.0f} MB in {self.precision}"


def make_plan(request: ImportRequest) -> Plan:
    """Return the plan for ``request`` after every source was recognised and found to fit the others.

    Raises:
        ModelError: a file is missing, damaged, of the wrong kind, or does not fit.
        BundleError: the bundle to change cannot be opened.
    """
    found = gather(request)
    conv_in = _conv_in(found)
    unet, temporal, condition = _unet_pieces(found, conv_in)
    vae = pieces_of(found.parts[PartName.VAE], expected_vae(found.vae), PartName.VAE)
    text = pieces_of(found.parts[PartName.TEXT_ENCODER], expected_text(found.text), PartName.TEXT_ENCODER)
    kept = _kept_tokens(found)
    num_words = text[_TOKENS].shape[0] - sum(map(len, kept.values()))
    tokenizer = find_tokenizer(request.tokenizer, _beside(found), num_words)
    loras = _fuse(request, [unet, temporal, text])
    embeddings, added = _embed(request, text, kept)
    check_words(tokenizer, added)
    groups = {
        PartName.UNET: unet,
        PartName.TEMPORAL: temporal,
        PartName.CONDITION: condition,
        PartName.VAE: vae,
        PartName.TEXT_ENCODER: text,
    }
    if tiny := found.parts.get(PartName.TINY_DECODER):
        groups[PartName.TINY_DECODER] = pieces_of(tiny, expected_tiny_decoder(found.vae, tiny), PartName.TINY_DECODER)
    default = found.bundle.precision if found.bundle is not None else Precision.FP16
    return Plan(
        ingredients=found,
        files={FILES[name]: tuple(pieces.values()) for name, pieces in groups.items()},
        precision=request.precision or default,
        conv_in=conv_in,
        tokenizer=tokenizer,
        loras=loras,
        embeddings=embeddings,
        added_tokens=added,
        num_tokens=text[_TOKENS].shape[0],
    )


def _conv_in(found: Ingredients) -> ConvIn:
    """Whose noisy-latent channels are taken, where both base model and PIA have some."""
    bundle = found.bundle
    stored = ConvIn(bundle.manifest.conv_in) if bundle is not None and bundle.manifest.conv_in else None
    asked = found.request.conv_in or (stored if stored and found.pia is None else ConvIn.BASE)
    if asked is ConvIn.PIA and found.pia is None and stored is not ConvIn.PIA:
        raise ModelError(
            "Expected PIA's own first convolution, which the bundle does not hold; give PIA's weights with --pia, or "
            "choose --conv-in base."
        )
    return asked


def _unet_pieces(found: Ingredients, conv_in: ConvIn) -> tuple[Pieces, Pieces, Pieces]:
    """Spatial layers, motion modules and condition module."""
    shapes, condition_shapes = expected_unet(found.unet)
    spatial_shapes = {name: shape for name, shape in shapes.items() if "motion_modules" not in name}
    temporal_shapes = {name: shape for name, shape in shapes.items() if "motion_modules" in name}
    unet = pieces_of(found.parts[PartName.UNET], spatial_shapes, "UNet")
    temporal = pieces_of(found.temporal, temporal_shapes, "motion modules that fit this base model")
    pia, bundle = found.pia, found.bundle
    if conv_in is ConvIn.PIA:
        for name in ("weight", "bias"):
            own = unet[f"conv_in.{name}"]
            if pia is not None:
                cut = (0, _LATENT_CHANNELS) if name == "weight" else None
                unet[own.name] = replace(own, ref=pia.conv_in[name], channels=cut)
            elif bundle is not None:
                unet[own.name] = replace(own, ref=bundle.parts[PartName.UNET].refs[own.name])
    if pia is None and bundle is not None:
        return unet, temporal, pieces_of(bundle.parts[PartName.CONDITION], condition_shapes, "condition module")
    if pia is None:
        raise TypeError("a request without PIA weights names a bundle")
    expected = condition_shapes["weight"]
    ref, bias = pia.conv_in["weight"], pia.conv_in["bias"]
    whole = (expected[0], _LATENT_CHANNELS + expected[1], *expected[2:])
    if ref.shape != whole or bias.shape != expected[:1]:
        raise ModelError(
            f"{ref.file.path}: expected a conv_in of shape {whole}, as the base model needs it, and a bias of "
            f"{expected[:1]}, found {ref.shape} and {bias.shape}. The two do not belong together; choose others."
        )
    channels = (_LATENT_CHANNELS, _LATENT_CHANNELS + expected[1])
    return unet, temporal, {"weight": Piece(name="weight", shape=expected, ref=ref, channels=channels)}


def _fuse(request: ImportRequest, groups: list[Pieces]) -> tuple[Lora, ...]:
    """Add every LoRA's changes to the pieces they are for."""
    # The table of tokens grows by embeddings, and no LoRA is made for it.
    weights = {name: piece.shape for pieces in groups for name, piece in pieces.items() if name != _TOKENS}
    loras = tuple(
        open_lora(lora.path, lora.scale, weights, request.lora_scaling, allow_pickle=request.allow_pickle)
        for lora in request.loras
    )
    for lora in loras:
        for name, delta in lora.deltas.items():
            pieces = next(pieces for pieces in groups if name in pieces)
            pieces[name] = replace(pieces[name], deltas=(*pieces[name].deltas, delta))
    return loras


def _embed(
    request: ImportRequest, text: Pieces, kept: dict[str, tuple[int, ...]]
) -> tuple[tuple[Embedding, ...], dict[str, tuple[int, ...]]]:
    """Add the rows of every embedding to the table of tokens; return all words with their ids."""
    table = text[_TOKENS]
    rows, channels = table.shape
    added = dict(kept)
    embeddings: list[Embedding] = []
    for named in request.embeddings:
        embeddings += open_embedding(named.path, named.word, channels, allow_pickle=request.allow_pickle)
    for embedding in embeddings:
        if embedding.word in added:
            raise ModelError(
                f"{embedding.vectors.file.path}: the word {embedding.word!a} is taken by another embedding. Give this "
                "one another word, as in --embedding FILE:WORD."
            )
        added[embedding.word] = tuple(range(rows, rows + embedding.num_tokens))
        rows += embedding.num_tokens
    refs = tuple(embedding.vectors for embedding in embeddings)
    text[_TOKENS] = replace(table, shape=(rows, channels), rows=refs)
    return tuple(embeddings), added


def _kept_tokens(found: Ingredients) -> dict[str, tuple[int, ...]]:
    if found.bundle is None or PartName.TEXT_ENCODER in found.replaced:
        return {}
    return dict(found.bundle.manifest.added_tokens)


def _beside(found: Ingredients) -> tuple[Path | None, ...]:
    """Folders in which a tokenizer may lie, nearest to the text encoder first."""
    models = [found.models[what] for what in ("text encoder", "base") if what in found.models]
    bundle = found.bundle.path if found.bundle is not None else None
    return (
        *(model.tokenizer for model in models),
        *(model.path.parent for model in models if not model.path.is_dir()),
        bundle,
    )
