"""Targets and precisions in words: one line to choose each by."""

from PySide6.QtCore import QCoreApplication

from pia_edge.worker.model_questions import Precision, Target

_PLAIN: tuple[Precision, ...] = ("fp16", "int8", "int4", "w8a8", "fp32")
_PALETTES: tuple[Precision, ...] = ("palette8", "palette6", "palette4")


def precisions_for(target: Target) -> tuple[Precision, ...]:
    """Return how ``target`` can keep weights, the usual way first."""
    return (*_PLAIN, *_PALETTES) if target == "coreml" else _PLAIN


def target_in_words(target: Target | None) -> tuple[str, str]:
    """Return the name of ``target``, and what it is good for; None stands for a reference bundle alone."""
    match target:
        case "openvino":
            return "OpenVINO", QCoreApplication.translate(
                "ExportWords",
                "Fastest on processors, graphics and neural units of Intel; runs on other processors too.",
            )
        case "onnx":
            return "ONNX", QCoreApplication.translate(
                "ExportWords", "Runs everywhere: on any processor, and on graphics cards of NVIDIA."
            )
        case "coreml":
            return "Core ML", QCoreApplication.translate(
                "ExportWords", "For Macs with an Apple chip; for clips of one size."
            )
        case _:
            return (
                QCoreApplication.translate("ExportWords", "Reference bundle only"),
                QCoreApplication.translate("ExportWords", "Export later; runs slowly, in PyTorch."),
            )


def precision_in_words(precision: Precision) -> str:
    """Return what ``precision`` is good for."""
    return {
        "fp32": QCoreApplication.translate("ExportWords", "Largest, and exact."),
        "fp16": QCoreApplication.translate("ExportWords", "As good as equal at half the size; the usual choice."),
        "int8": QCoreApplication.translate("ExportWords", "A quarter of the size; looks the same."),
        "int4": QCoreApplication.translate("ExportWords", "Smallest; clips may be a little grainy."),
        "w8a8": QCoreApplication.translate("ExportWords", "A quarter of the size, and faster on newer processors."),
        "palette8": QCoreApplication.translate("ExportWords", "A quarter of the size; looks the same."),
        "palette6": QCoreApplication.translate("ExportWords", "A fifth of the size; looks nearly the same."),
        "palette4": QCoreApplication.translate("ExportWords", "An eighth of the size; clips may be a little grainy."),
    }[precision]
