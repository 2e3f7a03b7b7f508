"""The window's language: as the user chose it, or else the first of the system's that there is."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

_FOLDER = Path(__file__).parent / "translations"
LANGUAGES = {"en": "English", "de": "Deutsch"}
"""Codes of all languages that there are, each with its name for itself."""


def chosen(preferred: str | None, of_system: list[str]) -> str:
    """Return the code of the language to show.

    Args:
        preferred: what the user chose, if anything.
        of_system: what the system prefers, such as ``de-AT``, best first.
    """
    for code in ([preferred] if preferred else []) + of_system:
        language = code.replace("_", "-").split("-")[0]
        if language in LANGUAGES:
            return language
    return "en"


def install(application: QCoreApplication, preferred: str | None) -> str:
    """Have ``application`` speak the language to show, Qt's own dialogs included, and return its code."""
    language = chosen(preferred, QLocale.system().uiLanguages())
    if preferred is not None:
        # Numbers and dates follow; without a choice they are as the system writes them.
        QLocale.setDefault(QLocale(language))
    ours, qts = str(_FOLDER), QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    # English has texts of its own for one and for many.
    for name, folder in ((f"qtbase_{language}", qts), (f"pia-edge_{language}", ours)):
        translator = QTranslator(application)
        if translator.load(name, folder):
            application.installTranslator(translator)
    return language
