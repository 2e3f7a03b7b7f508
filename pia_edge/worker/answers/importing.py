"""Questions about models that become bundles: what they are, importing them, exporting the result."""

from pathlib import Path
from typing import TYPE_CHECKING, get_args

from pia_edge.worker.model_questions import (
    BundleAdded,
    ExportBundle,
    ExtraFound,
    ImportModels,
    ImportPlanned,
    ModelChoice,
    PlanImport,
    Target,
)

if TYPE_CHECKING:
    from pia_edge.bundle import Bundle
    from pia_edge.importer import ImportRequest
    from pia_edge.worker.answering import Listener


def find_extra() -> ExtraFound:
    """Return what importing and exporting miss here."""
    from pia_edge.extras import EXPORTING, install_command, missing_of, needed_for_export

    targets = tuple(target for target in get_args(Target) if not missing_of(needed_for_export(target)))
    return ExtraFound(tuple(missing_of(EXPORTING)), install_command("export"), targets)


def plan_import(question: PlanImport) -> ImportPlanned:
    """Return what the chosen files are.

    Raises:
        MissingExtraError: the importer's libraries are not installed.
        RequestError, ModelError, BundleError: as :func:`pia_edge.importer.make_plan`.
    """
    request = _request(question.choice)
    from pia_edge.importer import make_plan
    from pia_edge.importer.importing import bundle_name

    plan = make_plan(request)
    return ImportPlanned(tuple(map(_readable, plan.lines())), bundle_name(plan), plan.num_bytes)


def import_models(question: ImportModels, listener: "Listener") -> BundleAdded:
    """Make a reference bundle in the store.

    Raises:
        MissingExtraError: the importer's libraries are not installed.
        RequestError, ModelError, BundleError, OutputError, Cancelled: as :func:`pia_edge.importer.import_bundle`.
    """
    request = _request(question.choice)
    from pia_edge.importer import import_bundle

    made = import_bundle(request, overwrite=question.overwrite, on_step=listener.on_step, cancel=listener.token)
    return BundleAdded(made.path.name)


def export_bundle(question: ExportBundle, listener: "Listener") -> BundleAdded:
    """Export a reference bundle into the store.

    Raises:
        MissingExtraError: the libraries of this target are not installed.
        BundleError, RequestError, ParityError, OutputError, Cancelled: as :func:`pia_edge.export.export`.
    """
    from pia_edge.extras import check_installed, needed_for_export

    check_installed("Exporting", needed_for_export(question.target))
    from pia_edge.bundle import Bundle
    from pia_edge.bundle.find import find_bundle
    from pia_edge.bundle.manifest import Format
    from pia_edge.export import export
    from pia_edge.export.into_store import export_into_store
    from pia_edge.export.recipe_file import make_recipe

    target, recipe = Format(question.target), make_recipe(question.precision, None)
    reference = Bundle.open(find_bundle(question.reference), on_step=listener.on_step, cancel=listener.token)

    def write(folder: Path) -> "Bundle":
        return export(
            reference,
            folder,
            target=target,
            recipe=recipe,
            overwrite=True,
            on_step=listener.on_step,
            cancel=listener.token,
        )

    return BundleAdded(export_into_store(write, question.name, overwrite=question.overwrite).path.name)


def _request(choice: ModelChoice) -> "ImportRequest":
    from pia_edge.extras import IMPORTING, check_installed

    check_installed("Importing models", IMPORTING)
    from pia_edge.importer import ConvIn, ImportRequest, NamedPath, ScaledPath

    return ImportRequest(
        base=choice.base,
        pia=choice.pia,
        vae=choice.vae,
        tiny_decoder=choice.tiny_decoder,
        loras=tuple(ScaledPath(lora.path, lora.scale) for lora in choice.loras),
        embeddings=tuple(NamedPath(each.path, each.word) for each in choice.embeddings),
        conv_in=ConvIn(choice.conv_in) if choice.conv_in else None,
        name=choice.name,
        allow_pickle=choice.allow_pickle,
    )


def _readable(text: str) -> str:
    # File names that are not Unicode exist on Linux; JSON is.
    return text.encode(errors="backslashreplace").decode()
