"""The dialog that saves a clip: in which format, how it plays, and where."""

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from pia_edge.clip import MAX_FPS, MIN_FPS, ClipFormat, Recipe
from pia_edge.errors import PiaError
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.saving import Saving
from pia_edge.gui.widgets.format_list import FormatList
from pia_edge.gui.widgets.theme import Space


class SaveDialog(QDialog):
    """Saves one clip; what goes wrong is said in the dialog, which stays open."""

    saved = Signal(object, object)
    """The path that was written, and its bytes."""

    def __init__(
        self, desk: Desk, source: Path, *, recipe: Recipe | None, fps: float, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("save clip")
        self.setWindowTitle(self.tr("Save clip"))
        self._saving = Saving(desk.questions, desk.preferences, source, recipe=recipe, fps=fps, parent=self)
        self.formats = FormatList()
        self.fps = QDoubleSpinBox()
        self.ping_pong = QCheckBox(self.tr("Play &forwards, then backwards"))
        self.name = QLineEdit(self._saving.name)
        self.suffix = QLabel()
        self.folder = QLineEdit(str(self._saving.folder))
        self.browse = QPushButton(self.tr("C&hoose…"))
        self.problem = QLabel()
        self.busy = QProgressBar()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self._prepare()
        self._lay_out()
        self._connect()
        self._show()

    def done(self, result: int) -> None:
        """Close, and take back what is asked for."""
        self._saving.stop()
        super().done(result)

    def event(self, event: QEvent) -> bool:
        """Keep room for sentences that wrap."""
        if event.type() not in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            return super().event(event)
        handled = super().event(event)
        layout = self.layout()
        if layout is not None:
            # Windows do not ask wrapped texts how high they are at this width.
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))
        return handled

    def _prepare(self) -> None:
        self.fps.setRange(MIN_FPS, MAX_FPS)
        self.fps.setDecimals(2)
        self.fps.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        self.fps.setValue(self._saving.fps)
        self.fps.setSuffix(self.tr(" frames a second"))
        self.fps.setKeyboardTracking(False)
        self.ping_pong.setEnabled(not self._saving.why_no_ping_pong)
        self.ping_pong.setToolTip(self._saving.why_no_ping_pong)
        self.folder.setReadOnly(True)
        self.problem.setWordWrap(True)
        self.problem.setForegroundRole(QPalette.ColorRole.BrightText)
        self.problem.setAccessibleName(self.tr("Problem"))
        self.problem.hide()
        self.busy.setRange(0, 0)
        self.busy.setAccessibleName(self.tr("Saving"))
        self.busy.hide()

    def _lay_out(self) -> None:
        name, folder = QHBoxLayout(), QHBoxLayout()
        name.addWidget(self.name, 1)
        name.addWidget(self.suffix)
        folder.addWidget(self.folder, 1)
        folder.addWidget(self.browse)
        form = QFormLayout()
        form.setSpacing(Space.NORMAL)
        for text, field, control in (
            (self.tr("Spee&d"), self.fps, self.fps),
            (self.tr("&Name"), name, self.name),
            (self.tr("In f&older"), folder, self.folder),
        ):
            label = QLabel(text)
            label.setBuddy(control)
            control.setAccessibleName(text.replace("&", ""))
            form.addRow(label, field)
        form.insertRow(1, "", self.ping_pong)
        column = QVBoxLayout(self)
        column.setSpacing(Space.WIDE)
        column.addWidget(self.formats)
        column.addLayout(form)
        for widget in (self.problem, self.busy, self.buttons):
            column.addWidget(widget)
        column.addStretch()
        self.setMinimumWidth(560)

    def _connect(self) -> None:
        saving = self._saving
        saving.changed.connect(self._show)
        saving.saved.connect(self._finish)
        saving.failed.connect(self._tell)
        self.formats.chosen.connect(lambda clip_format: saving.choose(clip_format=clip_format))
        self.fps.valueChanged.connect(lambda fps: saving.choose(fps=fps))
        self.ping_pong.toggled.connect(lambda both: saving.choose(ping_pong=both))
        self.browse.clicked.connect(self._choose_folder)
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)

    def _show(self) -> None:
        saving = self._saving
        self.formats.choose(saving.format)
        for clip_format in ClipFormat:
            self.formats.show_size(clip_format, saving.size(clip_format))
        self.formats.show_missing(saving.missing)
        pictures = saving.format is ClipFormat.PNG_SEQUENCE
        self.suffix.setText(self.tr("(a folder)") if pictures else f".{saving.format}")
        self.busy.setVisible(saving.busy)
        for widget in (self.formats, self.fps, self.name, self.browse):
            widget.setEnabled(not saving.busy)
        self.ping_pong.setEnabled(not saving.busy and not saving.why_no_ping_pong)
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(not saving.busy)

    def _choose_folder(self) -> None:
        found = QFileDialog.getExistingDirectory(self, self.tr("Save in"), str(self._saving.folder))
        if found:
            self._saving.folder = Path(found)
            self.folder.setText(found)

    def _save(self) -> None:
        self.problem.hide()
        # Buttons of macOS leave the focus where it is, and the number half typed.
        self.fps.interpretText()
        self._saving.name = self.name.text()
        target = self._saving.target
        if not target.exists():
            self._saving.save(overwrite=False)
            return
        question = QMessageBox(
            QMessageBox.Icon.Warning,
            self.tr("Replace?"),
            self.tr("{0} exists already in this folder.").format(target.name),
            QMessageBox.StandardButton.Cancel,
            self,
        )
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        replace = question.addButton(self.tr("&Replace"), QMessageBox.ButtonRole.AcceptRole)
        question.setDefaultButton(QMessageBox.StandardButton.Cancel)
        replace.clicked.connect(lambda: self._saving.save(overwrite=True))
        question.open()

    def _finish(self, path: Path, size: int) -> None:
        self.saved.emit(path, size)
        self.accept()

    def _tell(self, error: PiaError) -> None:
        self.problem.setText(str(error))
        self.problem.show()
