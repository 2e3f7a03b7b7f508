"""Sizes of files in words."""

from PySide6.QtCore import QLocale


def bytes_in_words(size: int) -> str:
    """Return a size in bytes as text, in the units of the command line."""
    return QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)
