"""Sentences that name options of the command line, for people who do not use it."""

import re

from PySide6.QtCore import QCoreApplication


def without_options(sentence: str) -> str:
    """Return ``sentence`` with the wizard's words in the place of options such as ``--base``."""
    return re.sub(r"--[a-z-]+", lambda found: _words().get(found[0], found[0]), sentence)


def _words() -> dict[str, str]:
    return {
        "--base": QCoreApplication.translate("OptionWords", "“Base model”"),
        "--pia": QCoreApplication.translate("OptionWords", "“PIA weights”"),
        "--vae": QCoreApplication.translate("OptionWords", "“VAE”"),
        "--lora": QCoreApplication.translate("OptionWords", "“LoRAs”"),
        "--motion-lora": QCoreApplication.translate("OptionWords", "“LoRAs”"),
        "--embedding": QCoreApplication.translate("OptionWords", "“Embeddings”"),
        "--tiny-decoder": QCoreApplication.translate("OptionWords", "“Tiny decoder”"),
    }
