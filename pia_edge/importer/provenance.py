"""Where the weights of the bundle come from: each file with its hash, licence and scale, as the manifest states it."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pia_edge.bundle.manifest import Source
from pia_edge.importer.parts import PartName
from pia_edge.importer.plan import Plan
from pia_edge.importer.tensor_file import TensorFile, explained
from pia_edge.nn.weights import ConvIn

LORA = "lora"
MOTION_LORA = "motion lora"
EMBEDDING = "embedding"
CONV_IN = "conv_in"

_CHUNK = 2**22


@dataclass(frozen=True, kw_only=True, eq=False)
class SourceFile:
    """One file that is read, and its entry in the manifest but for the hash."""

    file: TensorFile
    source: Source

    def hashed(self, after_each: Callable[[int], None]) -> Source:
        """Return the entry with the file's sha256; ``after_each`` is called with the bytes of each chunk.

        Raises:
            ModelError: the file cannot be read.
        """
        digest = hashlib.sha256()
        for chunk in _chunks(self.file.path):
            digest.update(chunk)
            after_each(len(chunk))
        return msgspec.structs.replace(self.source, sha256=digest.hexdigest())


def _chunks(path: Path) -> Iterator[bytes]:
    with explained(path), path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def source_files(plan: Plan) -> list[SourceFile]:
    """Return every file that the plan reads, but for those of a bundle that is changed."""
    return [*_models(plan), *_pia(plan), *_added(plan)]


def kept_sources(plan: Plan) -> tuple[Source, ...]:
    """Return the sources of the bundle that is changed, as far as its parts are kept."""
    bundle = plan.ingredients.bundle
    if bundle is None:
        return ()
    gone = set(plan.ingredients.replaced)
    dropped: set[str] = {name.value for name in gone}
    dropped |= {LORA} if PartName.UNET in gone else set()
    dropped |= {EMBEDDING} if PartName.TEXT_ENCODER in gone else set()
    dropped |= {MOTION_LORA} if PartName.TEMPORAL in gone else set()
    dropped |= {CONV_IN} if plan.conv_in is ConvIn.BASE or PartName.TEMPORAL in gone else set()
    kept = []
    for source in bundle.manifest.sources:
        parts = [part for part in source.part.split(", ") if part not in dropped]
        if parts:
            kept.append(msgspec.structs.replace(source, part=", ".join(parts)))
    return tuple(kept)


def _models(plan: Plan) -> Iterator[SourceFile]:
    chosen = {name: part for name, part in plan.ingredients.parts.items() if name in plan.ingredients.replaced}
    for model in plan.ingredients.models.values():
        for contents in model.contents:
            used = [name for name, part in contents.parts.items() if chosen.get(name) is part]
            if used:
                source = Source(
                    part=", ".join(used), origin=_origin(contents.file.path, model.path), licence=model.licence
                )
                yield SourceFile(file=contents.file, source=source)


def _pia(plan: Plan) -> Iterator[SourceFile]:
    pia = plan.ingredients.pia
    if pia is not None:
        parts = [PartName.TEMPORAL, PartName.CONDITION, *([CONV_IN] if plan.conv_in is ConvIn.PIA else [])]
        origin = _origin(pia.contents.file.path, plan.ingredients.request.pia)
        yield SourceFile(
            file=pia.contents.file, source=Source(part=", ".join(parts), origin=origin, licence=pia.licence)
        )


def _added(plan: Plan) -> Iterator[SourceFile]:
    for lora in plan.loras:
        motion = all("motion_modules" in name for name in lora.deltas)
        source = Source(
            part=MOTION_LORA if motion else LORA,
            origin=readable(lora.file.path.name),
            licence=lora.licence,
            scale=lora.scale,
            detail=f"{lora.summary()}; scaling {plan.ingredients.request.lora_scaling}",
        )
        yield SourceFile(file=lora.file, source=source)
    for embedding in plan.embeddings:
        file = embedding.vectors.file
        detail = f"{embedding.word!a}, {embedding.num_tokens} tokens"
        yield SourceFile(
            file=file,
            source=Source(part=EMBEDDING, origin=readable(file.path.name), licence=embedding.licence, detail=detail),
        )


def _origin(file: Path, given: Path | None) -> str:
    """The file's name, with its place in the folder that was given; never where that folder lies."""
    if given is None or not given.is_dir():
        return readable(file.name)
    return readable((Path(given.resolve().name) / file.relative_to(given)).as_posix())


def readable(text: str) -> str:
    """Return ``text`` with escapes for what is no Unicode, as names of files on Linux may hold it."""
    return text.encode(errors="backslashreplace").decode()
