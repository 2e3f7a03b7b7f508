"""Everything the window shows, held together: made once at the start, closed at the end."""

from PySide6.QtCore import QObject

from pia_edge.gui.model.copied_motion import CopiedMotion
from pia_edge.gui.model.draft import Draft
from pia_edge.gui.model.kept_pictures import KeptPictures
from pia_edge.gui.model.limits import Limits
from pia_edge.gui.model.motion_curve import MotionCurve
from pia_edge.gui.model.places import Places
from pia_edge.gui.model.questions import Questions
from pia_edge.gui.model.shown_picture import ShownPicture


class Desk(QObject):
    """The parts of the model, each of which the widgets that show it are given."""

    def __init__(self, places: Places, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.places = places
        self.questions = Questions(self)
        self.draft = Draft(self)
        self.limits = Limits(self.questions, self.draft, self)
        self.kept_pictures = KeptPictures(self.questions, places, self)
        self.picture = ShownPicture(self.questions, self.draft, self.kept_pictures, "picture", self)
        self.last_picture = ShownPicture(self.questions, self.draft, self.kept_pictures, "last_picture", self)
        self.motion_curve = MotionCurve(self.draft, self.limits, self)
        self.copied_motion = CopiedMotion(self.questions, self.draft, self.limits, self)

    def close(self) -> None:
        """End what runs beside the window."""
        self.questions.close()
