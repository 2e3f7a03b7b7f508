"""What the clip that is being composed would do: asked anew whenever the draft changes."""

import os

from PySide6.QtCore import QObject, QTimer, Signal

from pia_edge.errors import PiaError
from pia_edge.files import explained
from pia_edge.gui.model.clip_names import clip_path
from pia_edge.gui.model.draft import Draft
from pia_edge.gui.model.jobs import JobQueue
from pia_edge.gui.model.pace import Prediction
from pia_edge.gui.model.places import Places
from pia_edge.gui.model.questions import Questions
from pia_edge.job_plan import JobPlan
from pia_edge.worker.plan_questions import PlanJob, Planned

_PATIENCE = 300
"""Milliseconds without a change after which the question is asked."""


class RunPlan(QObject):
    """The plan of the draft, or why there is none."""

    changed = Signal()

    def __init__(
        self, draft: Draft, questions: Questions, jobs: JobQueue, places: Places, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._draft, self._questions, self._jobs, self._places = draft, questions, jobs, places
        self.plan: JobPlan | None = None
        """What would be done; that of an earlier draft while :attr:`asking`."""
        self.error: PiaError | None = None
        """Why it cannot be done."""
        self.asking = False
        """Whether the answer is still to come."""
        self._timer = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._timer.timeout.connect(self._ask)
        draft.changed.connect(self.refresh)
        # Memory and pace are others after a clip.
        jobs.finished.connect(self.refresh)
        jobs.failed.connect(self.refresh)
        self.refresh()

    @property
    def incomplete(self) -> bool:
        """Whether picture or prompt is still to be chosen."""
        state = self._draft.state
        return state.picture is None or not state.prompt.strip()

    @property
    def prediction(self) -> Prediction | None:
        """How long the clip will take, or None if none like it was made here yet."""
        return None if self.plan is None else self._jobs.predict(self.plan)

    def refresh(self) -> None:
        """Ask again, once nothing changes for a moment."""
        self.asking = not self.incomplete
        self._timer.start()
        self.changed.emit()

    def _ask(self) -> None:
        if self.incomplete:
            self._settle(None, None)
            return
        try:
            with explained(self._places.clips):
                self._places.clips.mkdir(parents=True, exist_ok=True)
            path = clip_path(self._places.clips, "", os.path.lexists)
            job = self._draft.state.job(path, max_memory=self._jobs.max_memory())
        except PiaError as error:
            self._settle(None, error)
            return
        self._questions.ask(
            PlanJob(job, self._jobs.memory),
            Planned,
            lambda planned: self._settle(planned.plan, None),
            lambda error: self._settle(None, error),
            topic="plan",
        )

    def _settle(self, plan: JobPlan | None, error: PiaError | None) -> None:
        self.plan, self.error = plan, error
        # A change that came meanwhile has begun to wait for its own answer.
        self.asking = self._timer.isActive()
        self.changed.emit()
