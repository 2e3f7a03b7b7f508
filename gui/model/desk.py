"""Everything the window shows, held together: made once at the start, closed at the end."""

from PySide6.QtCore import QObject

from pia_edge.gui.model.draft import Draft
from pia_edge.gui.model.log import Log
from pia_edge.gui.model.places import Places
from pia_edge.gui.model.preferences import Preferences
from pia_edge.gui.model.private_texts import given_up
from pia_edge.gui.model.questions import Questions
from pia_edge.worker import Worker


class Desk(QObject):
    """The parts of the model, each of which the widgets that show it are given."""

    def __init__(
        self, places: Places, parent: QObject | None = None, *, preferences: Preferences | None = None
    ) -> None:
        super().__init__(parent)
        self.places = places
        self.preferences = preferences or Preferences(places.preferences, self)
        self.log = Log()
        self.questions = Questions(self, worker=Worker(on_log=self.log.worker("answers")))
        self.questions.failed.connect(self.log.error)
        self.draft = Draft(self)
        self.draft.changed.connect(lambda before, after: self.log.keep_private(*given_up(before, after)))

    def close(self) -> None:
        """End what runs beside the window."""
        self.questions.close()
