"""Everything the window shows, held together: made once at the start, closed at the end."""

from PySide6.QtCore import QObject

from pia_edge.gui.model.bundles import Bundles
from pia_edge.gui.model.devices import Devices
from pia_edge.gui.model.draft import Draft
from pia_edge.gui.model.errands import Errands
from pia_edge.gui.model.places import Places
from pia_edge.gui.model.questions import Questions


class Desk(QObject):
    """The parts of the model, each of which the widgets that show it are given."""

    def __init__(self, places: Places, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.places = places
        self.questions = Questions(self)
        self.draft = Draft(self)
        self.errands = Errands(self)
        self.bundles = Bundles(places, self.questions, self.errands, self.draft, self)
        self.devices = Devices(self.questions, self.errands, self.draft, self)

    def close(self) -> None:
        """End what runs beside the window."""
        self.errands.close()
        self.questions.close()
