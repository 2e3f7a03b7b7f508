"""What happens to a clip just now, in words."""

from PySide6.QtCore import QCoreApplication

from pia_edge.gui.model.course import Course
from pia_edge.gui.widgets.time_words import about
from pia_edge.progress import Progress, Stage

translate = QCoreApplication.translate


def stage_words(progress: Progress | None) -> str:
    """Return what is being done: ``Making the motion, step 7 of 25``."""
    if progress is None:
        return translate("Progress", "Starting")
    done = min(progress.done + 1, progress.total)
    match progress.stage:
        case Stage.ENCODE:
            return translate("Progress", "Reading picture and prompt")
        case Stage.PREPARE:
            return translate("Progress", "Loading the model; the first time takes longer")
        case Stage.DENOISE:
            return translate("Progress", "Making the motion, step {done} of {total}").format(
                done=done, total=progress.total
            )
        case _:
            return translate("Progress", "Finishing frame {done} of {total}").format(done=done, total=progress.total)


def left_words(course: Course | None) -> str:
    """Return how long it will still take, or nothing while nobody knows."""
    left = None if course is None else course.seconds_left()
    return "" if left is None else translate("Progress", "{time} left").format(time=about(left))
