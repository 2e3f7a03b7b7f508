"""The formats that exports write, and what each of them takes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize, Format
from pia_edge.errors import RequestError
from pia_edge.export.conversion import Convert
from pia_edge.export.recipe import LINEAR, Recipe, Storage


def _onnx() -> Convert:
    from pia_edge.export.to_onnx import convert

    return convert


def _openvino() -> Convert:
    from pia_edge.export.to_openvino import convert

    return convert


def _coreml() -> Convert:
    from pia_edge.export.to_coreml import convert

    return convert


@dataclass(frozen=True, kw_only=True)
class Target:
    """An export format."""

    name: Format
    converter: Callable[[], Convert]
    libraries: tuple[str, ...]
    """Those whose versions decide what it writes."""
    storages: frozenset[Storage]
    """How it can store weights."""
    fixed: bool = False
    """Whether its graphs are for certain sizes always, and may be for several."""
    in_pieces: bool = False
    """Whether a module can be several files that run one after the other."""
    largest_batch: int | None = None
    """How long a batch axis may be; the temporal layers put every latent pixel on it."""

    def accepted(
        self, reference: Bundle, recipe: Recipe, clips: tuple[ClipSize, ...], piece_size: int | None = None
    ) -> tuple[ClipSize, ...]:
        """Return the clips to export for: ``clips``, or the usual one where there must be one.

        Raises:
            RequestError: weights cannot be stored as ``recipe`` says, a clip does not suit the bundle or the target,
                the target has no pieces, or a layer is larger than a piece may be.
        """
        refused = sorted(recipe.storages() - self.storages)
        if refused:
            known = ", ".join(sorted(self.storages))
            raise RequestError(
                f"{self.name}: expected weights stored as {known}, found {refused[0]}. Choose another precision."
            )
        if piece_size is not None:
            self._check_pieces(reference, recipe, piece_size)
        if len(clips) > 1 and not self.fixed:
            raise RequestError(f"{self.name}: expected one size, or none for all sizes, found {len(clips)}. Name one.")
        if self.fixed and not clips:
            clips = (_usual_clip(reference),)
        for clip in clips:
            _check_clip(reference, clip)
            self._check_pixels(reference, clip)
        return clips

    def _check_pieces(self, reference: Bundle, recipe: Recipe, piece_size: int) -> None:
        if not self.in_pieces:
            raise RequestError(
                f"{self.name}: expected no size of pieces, found one; weights are in files of their own. Leave it out."
            )
        from pia_edge.export.coreml.pieces import check_size
        from pia_edge.export.storing import contents_of, weight_bytes

        sizes = (
            weight_bytes(shape, recipe.storage(module, name, shape))
            for module, shapes in contents_of(reference).shapes.items()
            for name, shape in shapes.items()
        )
        check_size(max(sizes), piece_size)

    def _check_pixels(self, reference: Bundle, clip: ClipSize) -> None:
        scale = reference.manifest.vae.downscale
        if self.largest_batch and clip.width // scale * (clip.height // scale) > self.largest_batch:
            raise RequestError(
                f"{self.name}: expected at most {self.largest_batch * scale**2} pixels a frame, found "
                f"{clip.width}x{clip.height}. Export for a smaller size."
            )


TARGETS: Mapping[Format, Target] = {
    target.name: target
    for target in (
        Target(
            name=Format.ONNX,
            converter=_onnx,
            libraries=("torch", "onnx", "onnxscript", "diffusers", "transformers"),
            storages=LINEAR,
        ),
        Target(
            name=Format.OPENVINO,
            converter=_openvino,
            libraries=("torch", "openvino", "diffusers", "transformers"),
            storages=LINEAR,
        ),
        Target(
            name=Format.COREML,
            converter=_coreml,
            libraries=("torch", "coremltools", "diffusers", "transformers"),
            storages=frozenset(Storage),
            fixed=True,
            in_pieces=True,
            # Apple's Neural Engine refuses more: 512x512 pixels.
            largest_batch=4096,
        ),
    )
}
"""Every target; one file of this room each."""


def _usual_clip(reference: Bundle) -> ClipSize:
    """The clip that a bundle is trained for, as a square."""
    manifest = reference.manifest
    return ClipSize(frames=manifest.frames.trained, width=manifest.sizes.long_edge, height=manifest.sizes.long_edge)


def _check_clip(reference: Bundle, clip: ClipSize) -> None:
    sizes, most = reference.manifest.sizes, reference.manifest.frames.maximum
    edges = clip.width, clip.height
    fits = all(sizes.minimum <= edge <= sizes.maximum and edge % sizes.multiple == 0 for edge in edges)
    if not fits or clip.frames > most:
        raise RequestError(
            f"Expected at most {most} frames, and edges from {sizes.minimum} to {sizes.maximum} that are multiples of "
            f"{sizes.multiple}, found {clip.frames} frames of {clip.width}x{clip.height}. Choose another size."
        )
