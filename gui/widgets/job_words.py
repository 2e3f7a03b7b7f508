"""A job of the queue in words."""

from PySide6.QtCore import QCoreApplication

from pia_edge.gui.model.jobs import JobQueue
from pia_edge.gui.model.queued_job import JobState, QueuedJob
from pia_edge.gui.widgets.progress_words import left_words
from pia_edge.gui.widgets.time_words import exact

translate = QCoreApplication.translate


def state_words(row: QueuedJob, jobs: JobQueue) -> str:
    """Return where ``row`` stands: ``Done in 12 s``."""
    match row.state:
        case JobState.WAITING:
            return translate("Queue", "Paused") if jobs.paused else translate("Queue", "Waiting")
        case JobState.RUNNING:
            return _running(row, jobs)
        case JobState.DONE:
            if row.started is None or row.ended is None:
                return translate("Queue", "Done")
            return translate("Queue", "Done in {time}").format(time=exact(max(0.0, row.ended - row.started)))
        case JobState.STOPPED:
            return translate("Queue", "Stopped")
        case JobState.FAILED:
            return translate("Queue", "Failed: {error}").format(error=row.error or "")


def origin_words(row: QueuedJob) -> str:
    """Return what ``row`` is made from: ``boat.png · seed 7``."""
    return translate("Queue", "{picture} · seed {seed}").format(picture=row.picture_name, seed=row.seed)


def whole_words(row: QueuedJob, jobs: JobQueue) -> str:
    """Return ``row`` as it is read aloud."""
    return f"{row.draft.prompt}. {state_words(row, jobs)}. {origin_words(row)}."


def summary(jobs: JobQueue) -> str:
    """Return what else there is beside the clip that is being made: ``2 waiting, paused``."""
    parts = []
    if jobs.waiting:
        parts.append(translate("Queue", "{count} waiting").format(count=jobs.waiting))
    if jobs.paused:
        parts.append(
            translate("Queue", "paused after this clip") if jobs.current is not None else translate("Queue", "paused")
        )
    return ", ".join(parts)


def _running(row: QueuedJob, jobs: JobQueue) -> str:
    if jobs.here is None or jobs.here.number != row.number or jobs.course is None:
        return translate("Queue", "Running in another window")
    percent = translate("Queue", "Running, {percent} %").format(percent=int(jobs.course.fraction() * 100))
    left = left_words(jobs.course)
    return f"{percent}, {left}" if left else percent
