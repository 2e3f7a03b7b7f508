"""What backends are called."""

from PySide6.QtCore import QCoreApplication


def backend_in_words(name: str) -> str:
    """Return what users call the backend ``name``."""
    return {
        "apple": QCoreApplication.translate("BackendWords", "Core ML on Apple"),
        "cuda": QCoreApplication.translate("BackendWords", "NVIDIA graphics (CUDA)"),
        "intel": QCoreApplication.translate("BackendWords", "OpenVINO"),
        "cpu": QCoreApplication.translate("BackendWords", "ONNX Runtime"),
        "reference": QCoreApplication.translate("BackendWords", "PyTorch (reference)"),
    }.get(name, name)


def backend_purpose(name: str) -> str:
    """Return in a sentence what the backend ``name`` is for."""
    return {
        "apple": QCoreApplication.translate("BackendWords", "The Neural Engine and graphics of Macs."),
        "cuda": QCoreApplication.translate("BackendWords", "Graphics cards of NVIDIA."),
        "intel": QCoreApplication.translate("BackendWords", "Processors, and graphics and neural units of Intel."),
        "cpu": QCoreApplication.translate("BackendWords", "Any processor."),
        "reference": QCoreApplication.translate("BackendWords", "What every export is compared with; slow."),
    }.get(name, "")
