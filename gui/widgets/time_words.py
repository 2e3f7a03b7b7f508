"""Spans of time as people say them."""

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate

_MINUTE, _HOUR = 60, 3600


def about(seconds: float) -> str:
    """Return ``seconds`` as text, no more exact than anybody knows: ``about 40 s``."""
    if seconds < 5:
        return translate("Time", "a few seconds")
    if seconds < 55:
        return translate("Time", "about {seconds} s").format(seconds=_rounded(seconds))
    if seconds < _HOUR - 30:
        return translate("Time", "about {minutes} min").format(minutes=max(1, round(seconds / _MINUTE)))
    minutes = round(seconds / _MINUTE / 5) * 5
    if minutes % 60 == 0:
        return translate("Time", "about {hours} h").format(hours=minutes // 60)
    return translate("Time", "about {hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)


def exact(seconds: float) -> str:
    """Return how long something took: ``12 s``."""
    if seconds < 10:
        return translate("Time", "{seconds} s").format(seconds=f"{seconds:.1f}")
    if seconds < 2 * _MINUTE:
        return translate("Time", "{seconds} s").format(seconds=round(seconds))
    if seconds < 2 * _HOUR:
        return translate("Time", "{minutes} min").format(minutes=round(seconds / _MINUTE))
    return translate("Time", "{hours} h {minutes} min").format(
        hours=int(seconds // _HOUR), minutes=round(seconds % _HOUR / _MINUTE)
    )


def _rounded(seconds: float) -> int:
    return round(seconds) if seconds < 15 else round(seconds / 5) * 5
