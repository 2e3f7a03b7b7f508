"""A bundle in words: the facts that a user chooses by, its parity report, and where its weights came from."""

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QLocale

from pia_edge.bundle.listing import Listed
from pia_edge.bundle.manifest import Format, Manifest, Source
from pia_edge.gui.model.byte_words import bytes_in_words
from pia_edge.gui.model.parity_words import module_in_words, parity_in_words
from pia_edge.modules import OPTIONAL_MODULES

_MOST_LICENCES = 3


class Fact(NamedTuple):
    """One line of a description."""

    label: str
    value: str


def format_in_words(form: Format) -> str:
    """Return what users call a bundle's format."""
    return {
        Format.TORCH: QCoreApplication.translate("BundleWords", "PyTorch (reference)"),
        Format.ONNX: "ONNX",
        Format.OPENVINO: "OpenVINO",
        Format.COREML: "Core ML",
    }[form]


def precisions(manifest: Manifest) -> str:
    """Return how the modules' weights are kept."""
    return ", ".join(sorted({artifact.precision for artifact in manifest.modules.values()}))


def summary(item: Listed) -> str:
    """Return a bundle in half a line."""
    if item.manifest is None:
        return QCoreApplication.translate("BundleWords", "damaged")
    parts = (format_in_words(item.manifest.format), precisions(item.manifest), bytes_in_words(item.size))
    return " · ".join(parts)


def facts(item: Listed) -> list[Fact]:
    """Return what a user chooses a bundle by."""
    manifest = item.manifest
    if manifest is None:
        return []
    return [
        Fact(QCoreApplication.translate("BundleWords", "Format"), format_in_words(manifest.format)),
        Fact(QCoreApplication.translate("BundleWords", "Precision"), precisions(manifest)),
        Fact(QCoreApplication.translate("BundleWords", "Sizes"), _sizes(manifest)),
        Fact(QCoreApplication.translate("BundleWords", "Frames"), _frames(manifest)),
        Fact(QCoreApplication.translate("BundleWords", "Usual settings"), _defaults(manifest)),
        Fact(QCoreApplication.translate("BundleWords", "Last picture"), _yes_or_no(manifest.takes_second_picture)),
        Fact(QCoreApplication.translate("BundleWords", "Tiny decoder"), _yes_or_no(_has_tiny_decoder(manifest))),
        *_words(manifest),
        Fact(QCoreApplication.translate("BundleWords", "On the disk"), disk_in_words(item)),
        Fact(QCoreApplication.translate("BundleWords", "Licence"), licences(manifest)),
    ]


def disk_in_words(item: Listed) -> str:
    """Return what a bundle takes, and what removing it would free."""
    size = bytes_in_words(item.size)
    if item.ships:
        return QCoreApplication.translate("BundleWords", "{size}, comes with PIA Edge").format(size=size)
    if item.own == item.size:
        return size
    shared = bytes_in_words(item.size - item.own)
    return QCoreApplication.translate("BundleWords", "{size}, {shared} of it shared with other bundles").format(
        size=size, shared=shared
    )


def licences(manifest: Manifest) -> str:
    """Return the licences of the weights, each once; of many, the first and how many more there are."""
    found = list(dict.fromkeys(source.licence for source in manifest.sources))
    if len(found) > _MOST_LICENCES:
        return QCoreApplication.translate("BundleWords", "{first}, and {count} others, listed below").format(
            first=found[0], count=len(found) - 1
        )
    return ", ".join(found) or QCoreApplication.translate("BundleWords", "not stated")


def parity_rows(manifest: Manifest) -> list[tuple[str, str, str, str]]:
    """Return for each module its name, precision, dB against the reference, and what that means."""
    rows = []
    for module, artifact in manifest.modules.items():
        parity = manifest.parity.get(module)
        decibels = "–" if parity is None else _decibels(parity.psnr_db)
        rows.append(
            (
                module_in_words(module),
                artifact.precision,
                decibels,
                _unknown() if parity is None else parity_in_words(parity.psnr_db),
            )
        )
    if (run := manifest.run_parity) is not None:
        name = QCoreApplication.translate("BundleWords", "UNet over {steps} steps").format(steps=run.steps)
        rows.append((name, "", _decibels(run.psnr_db), parity_in_words(run.psnr_db)))
    return rows


def parity_headline(manifest: Manifest) -> str:
    """Return the parity report in a sentence."""
    if manifest.format is Format.TORCH:
        return QCoreApplication.translate("BundleWords", "This is a reference bundle: others are compared with it.")
    run = manifest.run_parity
    if run is None and not manifest.parity:
        return QCoreApplication.translate("BundleWords", "It was never compared with its reference.")
    if run is None:
        worst = min(parity.psnr_db for parity in manifest.parity.values())
        return QCoreApplication.translate(
            "BundleWords", "Compared with its reference, module by module: {words}."
        ).format(words=parity_in_words(worst))
    return QCoreApplication.translate(
        "BundleWords",
        "Compared with its reference: {words}. The prompt acts {prompt}, flicker is {flicker} times the original’s.",
    ).format(words=parity_in_words(run.psnr_db), prompt=_times(run.cfg_delta_ratio), flicker=_times(run.flicker_ratio))


def source_rows(manifest: Manifest) -> list[tuple[str, str, str]]:
    """Return for each source its part, where it came from, and its licence."""
    return [(source.part, _origin(source), source.licence) for source in manifest.sources]


def _origin(source: Source) -> str:
    scale = ""
    if source.scale is not None:
        strength = QLocale().toString(source.scale, "g", 3)
        scale = QCoreApplication.translate("BundleWords", ", at strength {strength}").format(strength=strength)
    detail = f" ({source.detail})" if source.detail else ""
    return f"{source.origin}{scale}{detail}"


def _sizes(manifest: Manifest) -> str:
    if manifest.clips:
        found = dict.fromkeys(f"{clip.width} × {clip.height}" for clip in manifest.clips)
        return QCoreApplication.translate("BundleWords", "only {sizes} pixels").format(sizes=", ".join(found))
    sizes = manifest.sizes
    return QCoreApplication.translate("BundleWords", "{minimum} to {maximum} pixels, best at {best}").format(
        minimum=sizes.minimum, maximum=sizes.maximum, best=sizes.long_edge
    )


def _frames(manifest: Manifest) -> str:
    if manifest.clips:
        found = dict.fromkeys(str(clip.frames) for clip in manifest.clips)
        return QCoreApplication.translate("BundleWords", "only {frames}").format(frames=", ".join(found))
    return QCoreApplication.translate("BundleWords", "{trained} at their best, up to {most} at once").format(
        trained=manifest.frames.trained, most=manifest.frames.maximum
    )


def _defaults(manifest: Manifest) -> str:
    return QCoreApplication.translate("BundleWords", "{steps} steps, guidance {scale}").format(
        steps=manifest.defaults.num_inference_steps, scale=QLocale().toString(manifest.defaults.guidance_scale, "g", 3)
    )


def _words(manifest: Manifest) -> list[Fact]:
    if not manifest.added_tokens:
        return []
    return [Fact(QCoreApplication.translate("BundleWords", "Added words"), ", ".join(manifest.added_tokens))]


def _has_tiny_decoder(manifest: Manifest) -> bool:
    return any(module in OPTIONAL_MODULES for module in manifest.modules)


def _yes_or_no(value: bool) -> str:
    yes, no = QCoreApplication.translate("BundleWords", "yes"), QCoreApplication.translate("BundleWords", "no")
    return yes if value else no


def _unknown() -> str:
    return QCoreApplication.translate("BundleWords", "not compared")


def _decibels(psnr_db: float) -> str:
    return f"{QLocale().toString(psnr_db, 'f', 0)} dB"


def _times(ratio: float) -> str:
    return QLocale().toString(ratio, "f", 2)
