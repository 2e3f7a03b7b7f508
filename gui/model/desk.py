"""Everything the window shows, held together: made once at the start, closed at the end."""

from PySide6.QtCore import QObject

from pia_edge.gui.model.bundles import Bundles
from pia_edge.gui.model.copied_motion import CopiedMotion
from pia_edge.gui.model.devices import Devices
from pia_edge.gui.model.draft import Draft
from pia_edge.gui.model.errands import Errands
from pia_edge.gui.model.gallery import Gallery
from pia_edge.gui.model.jobs import JobQueue
from pia_edge.gui.model.kept_pictures import KeptPictures
from pia_edge.gui.model.limits import Limits
from pia_edge.gui.model.log import Log
from pia_edge.gui.model.motion_curve import MotionCurve
from pia_edge.gui.model.places import Places
from pia_edge.gui.model.plan import RunPlan
from pia_edge.gui.model.preferences import Preferences
from pia_edge.gui.model.private_texts import given_up, prompts_of
from pia_edge.gui.model.questions import Questions
from pia_edge.gui.model.remembered_draft import RememberedDraft
from pia_edge.gui.model.shown_picture import ShownPicture
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
        self.preferences.failed.connect(self.log.error)
        self.questions = Questions(self, worker=Worker(on_log=self.log.worker("answers")))
        self.questions.failed.connect(self.log.error)
        self.draft = Draft(self)
        self.remembered_draft = RememberedDraft(places.draft, self.draft, self)
        self.remembered_draft.failed.connect(self.log.error)
        self.draft.changed.connect(lambda before, after: self.log.keep_private(*given_up(before, after)))
        self.gallery = Gallery(places, self.questions, self)
        self.gallery.failed.connect(self.log.error)
        self.errands = Errands(self, questions=Questions(self, worker=Worker(on_log=self.log.worker("errands"))))
        self.bundles = Bundles(places, self.questions, self.errands, self.draft, self)
        self.bundles.failed.connect(self.log.error)
        self.devices = Devices(self.questions, self.errands, self.draft, self)
        self.devices.changed.connect(self._describe_devices)
        self.limits = Limits(self.questions, self.draft, self)
        self.kept_pictures = KeptPictures(self.questions, places, self)
        self.picture = ShownPicture(self.questions, self.draft, self.kept_pictures, "picture", self)
        self.last_picture = ShownPicture(self.questions, self.draft, self.kept_pictures, "last_picture", self)
        self.motion_curve = MotionCurve(self.draft, self.limits, self)
        self.copied_motion = CopiedMotion(self.questions, self.draft, self.limits, self)
        self.jobs = JobQueue(
            places,
            self.questions,
            self,
            # The window comes first: a clip takes every processor that there is.
            worker=Worker(on_log=self.log.worker("clips"), yielding=True),
            max_memory=lambda: self.preferences.choices.memory_limit,
        )
        self.jobs.started.connect(lambda row: self.log.keep_private(*prompts_of(row.draft)))
        self.jobs.failed.connect(lambda _, error: self.log.error(error))
        self.jobs.troubled.connect(self.log.error)
        self.plan = RunPlan(self.draft, self.questions, self.jobs, places, self)
        self.preferences.changed.connect(self.plan.refresh)

    def _describe_devices(self) -> None:
        for backend in self.devices.backends:
            self.log.describe(backend.backend, backend.refused or ", ".join(backend.devices))

    def close(self) -> None:
        """End what runs beside the window."""
        self.remembered_draft.close()
        self.errands.close()
        self.jobs.close()
        self.questions.close()
        self.gallery.close()
