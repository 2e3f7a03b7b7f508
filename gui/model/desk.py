"""Everything the window shows, held together: made once at the start, closed at the end."""

from PySide6.QtCore import QObject

from pia_edge.gui.model.draft import Draft
from pia_edge.gui.model.gallery import Gallery
from pia_edge.gui.model.places import Places
from pia_edge.gui.model.questions import Questions


class Desk(QObject):
    """The parts of the model, each of which the widgets that show it are given."""

    def __init__(self, places: Places, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.places = places
        self.questions = Questions(self)
        self.draft = Draft(self)
        self.gallery = Gallery(places, self.questions, self)

    def close(self) -> None:
        """End what runs beside the window."""
        self.questions.close()
        self.gallery.close()
