"""How near an exported module is to the reference, in words."""

from PySide6.QtCore import QCoreApplication

_EXACT, _EQUAL, _SAME, _GRAINY = 100.0, 50.0, 30.0, 22.0
"""dB. From 30 on the sample's clips look the same; at 25 they are grainy and flicker more."""


def parity_in_words(psnr_db: float) -> str:
    """Return what a parity of ``psnr_db`` means to the eye."""
    if psnr_db >= _EXACT:
        return QCoreApplication.translate("ParityWords", "equal but for rounding")
    if psnr_db >= _EQUAL:
        return QCoreApplication.translate("ParityWords", "as good as equal")
    if psnr_db >= _SAME:
        return QCoreApplication.translate("ParityWords", "looks the same")
    if psnr_db >= _GRAINY:
        return QCoreApplication.translate("ParityWords", "a little grainy")
    return QCoreApplication.translate("ParityWords", "visibly worse")


def module_in_words(module: str) -> str:
    """Return what users call a module."""
    return {
        "text_encoder": QCoreApplication.translate("ParityWords", "Text encoder"),
        "vae_encoder": QCoreApplication.translate("ParityWords", "Picture encoder"),
        "condition": QCoreApplication.translate("ParityWords", "Condition module"),
        "unet": QCoreApplication.translate("ParityWords", "UNet"),
        "vae_decoder": QCoreApplication.translate("ParityWords", "Picture decoder"),
        "tiny_decoder": QCoreApplication.translate("ParityWords", "Tiny decoder"),
        "motion_module": QCoreApplication.translate("ParityWords", "Motion module"),
    }.get(module, module)
