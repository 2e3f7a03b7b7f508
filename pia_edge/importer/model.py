"""What one path that a user gives holds: a single file, a folder of diffusers, or one component's folder."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from pia_edge.errors import ModelError
from pia_edge.importer.checkpoint import sort_checkpoint
from pia_edge.importer.kinds import Kind, kind_of
from pia_edge.importer.licence import NOT_STATED, licence_of
from pia_edge.importer.parts import Contents, Part, PartName
from pia_edge.importer.tensor_file import TensorFile, explained, open_tensor_file

_SORTED = (Kind.CHECKPOINT, Kind.LDM_UNET, Kind.UNET, Kind.VAE, Kind.TEXT_ENCODER)
_COMPONENTS = {"unet": PartName.UNET, "vae": PartName.VAE, "text_encoder": PartName.TEXT_ENCODER}
_STEMS = ("diffusion_pytorch_model", "model", "pytorch_model")
# Weights as safetensors before pickles, full precision before half.
_WEIGHTS = tuple(
    f"{stem}{variant}{suffix}" for suffix in (".safetensors", ".bin") for variant in ("", ".fp16") for stem in _STEMS
)
_LARGEST_JSON = 2**20


@dataclass(frozen=True, kw_only=True, eq=False)
class Model:
    """The parts found under one path, and what is said about them."""

    path: Path
    contents: tuple[Contents, ...]
    config: Mapping[str, object] = field(default_factory=dict)
    """Of the scheduler, where a folder has one."""
    tokenizer: Path | None = None
    """Folder of ``vocab.json`` and ``merges.txt``."""
    licence: str = NOT_STATED

    @property
    def parts(self) -> dict[PartName, Part]:
        """All parts of all files."""
        return {name: part for contents in self.contents for name, part in contents.parts.items()}

    def lines(self) -> Iterator[str]:
        """Yield what a dry run says of the path."""
        for contents in self.contents:
            packing = "pickle" if contents.file.pickled else "safetensors"
            yield f"{contents.file.path.name}, {packing}: {kind_of(shapes_of(contents.file))}"
            yield from (f"  {line}" for line in contents.lines())


def open_model(path: Path, *, allow_pickle: bool) -> Model:
    """Return the parts of a base model, autoencoder or text encoder in ``path``.

    Raises:
        ModelError: there is none of these; the message says what there is instead.
    """
    with explained(path):
        if not path.is_dir():
            file = open_tensor_file(path, allow_pickle=allow_pickle)
            return Model(path=path, contents=(_sorted(file),), licence=licence_of(path, file.values))
        if (path / "manifest.json").is_file():
            raise ModelError(f"{path}: expected a model, found a bundle of PIA Edge. Give it with --from.")
        components = [path / name for name in _COMPONENTS if (path / name).is_dir()] or [path]
        tokenizer = next((folder for folder in (path / "tokenizer", path) if has_tokenizer(folder)), None)
        return Model(
            path=path,
            contents=tuple(_component(folder, allow_pickle) for folder in components),
            config=read_config(path / "scheduler" / "scheduler_config.json"),
            tokenizer=tokenizer,
            licence=licence_of(path, {}),
        )


def weights_in(folder: Path) -> Path:
    """Return the file of weights in one component's folder.

    Raises:
        ModelError: there is none.
    """
    found = next((folder / name for name in _WEIGHTS if (folder / name).is_file()), None)
    if found is None:
        inside = ", ".join(ascii(path.name) for path in sorted(folder.iterdir())[:5])
        raise ModelError(
            f"{folder}: expected weights such as {_WEIGHTS[0]}, found none{f' beside {inside}' if inside else ''}. "
            "Choose a model's file, a folder of diffusers, or fetch the folder whole."
        )
    return found


def read_config(path: Path) -> dict[str, object]:
    """Return the JSON object in ``path``, or an empty one where there is no such file.

    Raises:
        ModelError: the file is damaged.
    """
    with explained(path):
        if not path.is_file():
            return {}
        with path.open("rb") as file:
            content = file.read(_LARGEST_JSON + 1)
        try:
            if len(content) > _LARGEST_JSON:
                raise ModelError(f"{path}: expected a configuration of at most 1 MB, found more. Get it again.")
            return msgspec.json.decode(content, type=dict[str, object])
        except (msgspec.MsgspecError, RecursionError) as error:
            raise ModelError(f"{path}: expected a JSON object, found damage: {error}. Get it again.") from error


def has_tokenizer(folder: Path) -> bool:
    """Return whether the two files of CLIP's tokenizer lie in ``folder``."""
    return (folder / "vocab.json").is_file() and (folder / "merges.txt").is_file()


def shapes_of(file: TensorFile) -> dict[str, tuple[int, ...]]:
    """Return the shape of every tensor in ``file``."""
    return {name: stored.shape for name, stored in file.tensors.items()}


def _component(folder: Path, allow_pickle: bool) -> Contents:
    contents = _sorted(open_tensor_file(weights_in(folder), allow_pickle=allow_pickle))
    config = read_config(folder / "config.json")
    parts = {name: replace(part, config=config) for name, part in contents.parts.items()}
    expected = _COMPONENTS.get(folder.name)
    if expected is not None and expected not in parts:
        raise ModelError(f"{folder}: expected the {expected}, found {kind_of(shapes_of(contents.file))}. Get it again.")
    return replace(contents, parts=parts)


def _sorted(file: TensorFile) -> Contents:
    kind = kind_of(shapes_of(file))
    if kind not in _SORTED:
        raise ModelError(f"{file.path}: expected a Stable Diffusion 1 model, found {kind}.{_advice(kind)}")
    return sort_checkpoint(file, kind)


def _advice(kind: Kind) -> str:
    """What to do with a file that is no base model."""
    if kind in (Kind.LORA, Kind.MOTION_LORA):
        return " Give it with --lora or --motion-lora."
    if kind in (Kind.PIA, Kind.PIA_ADAPTER):
        return " Give it with --pia."
    if kind is Kind.EMBEDDING:
        return " Give it with --embedding."
    if kind in (Kind.TINY_DECODER, Kind.TINY_AUTOENCODER):
        return " Give it with --tiny-decoder."
    return " PIA works with Stable Diffusion 1.4 and 1.5 and models made from them; choose one of these."
