"""What the clip that is being composed would do: one quiet line, the rest on demand."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFormLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from pia_edge.gui.model.plan import RunPlan
from pia_edge.gui.widgets import plan_words
from pia_edge.gui.widgets.fit_width import fit_width
from pia_edge.gui.widgets.problem_line import ProblemLine
from pia_edge.gui.widgets.quiet_line import QuietLine


class PlanLine(QWidget):
    """Shows a :class:`RunPlan`; :attr:`more` unfolds the rest, and stands where whoever uses this puts it."""

    shown = Signal()
    """It has been drawn anew."""

    def __init__(self, plan: RunPlan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan = plan
        self.line, self.warning = QuietLine(self.tr("Plan")), ProblemLine()
        self.more = QToolButton(autoRaise=True)
        self.more.setCheckable(True)
        self.more.setText(self.tr("Details"))
        self.more.setAccessibleName(self.tr("Details of the plan"))
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setArrowType(Qt.ArrowType.RightArrow)
        self.details = QWidget()
        self._rows = QFormLayout(self.details)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.line)
        column.addWidget(self.warning)
        column.addWidget(self.details)
        self.details.hide()
        self.more.toggled.connect(self._unfold)
        plan.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is known."""
        plan, error = self._plan.plan, self._plan.error
        against = ""
        if self._plan.incomplete:
            text = self.tr("Choose a picture and say what should move.")
        elif error is not None and not self._plan.asking:
            text, against = "", str(error)
        elif plan is None:
            text = self.tr("Looking at what this clip takes…")
        else:
            text = plan_words.plan_line(plan, self._plan.prediction)
            against = plan_words.warning(plan)
        self.line.say(text)
        self.warning.say(against)
        known = plan is not None and not self._plan.incomplete
        self.more.setVisible(known)
        self.details.setVisible(known and self.more.isChecked())
        self._fill()
        self.shown.emit()

    def _unfold(self, unfolded: bool) -> None:
        self.more.setArrowType(Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow)
        self._fill()
        self.details.setVisible(unfolded)

    def _fill(self) -> None:
        if not self.more.isChecked() or self._plan.plan is None:
            return
        while self._rows.rowCount():
            self._rows.removeRow(0)
        for name, value in plan_words.details(self._plan.plan, self._plan.prediction):
            key, label = QLabel(name), QLabel(value)
            key.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            fit_width(label)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._rows.addRow(key, label)
