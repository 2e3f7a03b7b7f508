"""What errands are doing, in words."""

from PySide6.QtCore import QCoreApplication, QLocale

from pia_edge.progress import Progress, Stage


def stage_in_words(progress: Progress) -> str:
    """Return what is being done, how far it is, and how long that takes."""
    seconds = progress.seconds_left or 0.0
    parts = [_stage(progress.stage), _done(progress)]
    if seconds >= 1:
        parts.append(_left(round(seconds)))
    return " · ".join(parts)


def _stage(stage: Stage) -> str:
    return {
        Stage.COPY: QCoreApplication.translate("ErrandWords", "Copying"),
        Stage.VERIFY: QCoreApplication.translate("ErrandWords", "Checking files"),
        Stage.READ_SOURCES: QCoreApplication.translate("ErrandWords", "Reading models"),
        Stage.WRITE_WEIGHTS: QCoreApplication.translate("ErrandWords", "Writing the bundle"),
        Stage.CALIBRATE: QCoreApplication.translate("ErrandWords", "Measuring what layers are given"),
        Stage.CONVERT: QCoreApplication.translate("ErrandWords", "Converting modules"),
        Stage.PROVE: QCoreApplication.translate("ErrandWords", "Comparing"),
    }.get(stage, stage.value)


def _done(progress: Progress) -> str:
    counts = {"done": QLocale().toString(progress.done), "total": QLocale().toString(progress.total)}
    if progress.stage in (Stage.COPY, Stage.VERIFY, Stage.READ_SOURCES, Stage.WRITE_WEIGHTS):
        return QCoreApplication.translate("ErrandWords", "{done} of {total} MB").format(**counts)
    return QCoreApplication.translate("ErrandWords", "{done} of {total}").format(**counts)


def _left(seconds: int) -> str:
    if seconds < 60:
        return QCoreApplication.translate("ErrandWords", "{seconds} s left").format(seconds=seconds)
    return QCoreApplication.translate("ErrandWords", "{minutes} min left").format(minutes=-(-seconds // 60))
