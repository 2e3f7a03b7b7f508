"""What the user may set, in force as soon as it is chosen."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.preferences import Choices, Scheme
from pia_edge.gui.translation import LANGUAGES
from pia_edge.gui.widgets.quiet import quiet
from pia_edge.gui.widgets.theme import Space

_GIB = 2**30


class PreferencesDialog(QDialog):
    """Shows and changes ``desk.preferences``."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = desk.preferences
        self.setWindowTitle(self.tr("Preferences"))
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(Space.WIDE)
        self._form.setVerticalSpacing(Space.WIDE)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._add_language()
        self._add_scheme()
        self._add_folder()
        self._add_memory()
        self._add_notifications()
        self._show(desk.preferences.choices)
        desk.preferences.changed.connect(self._follow)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.PAGE, Space.PAGE, Space.PAGE, Space.WIDE)
        layout.setSpacing(Space.PAGE)
        layout.addLayout(self._form)
        layout.addStretch()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self.setMinimumWidth(480)

    def _add_language(self) -> None:
        self.language = QComboBox()
        self.language.addItem(self.tr("As the system"), None)
        for code, name in LANGUAGES.items():
            self.language.addItem(name, code)
        self.language.activated.connect(lambda: self._preferences.change(language=self.language.currentData()))
        hint = self.tr("A new language shows when the program is started again.")
        self._add_row(self.tr("&Language:"), self.language, _with_hint(_at_left(self.language), hint))

    def _add_scheme(self) -> None:
        self.scheme = QComboBox()
        self.scheme.addItem(self.tr("As the system"), Scheme.SYSTEM)
        self.scheme.addItem(self.tr("Light"), Scheme.LIGHT)
        self.scheme.addItem(self.tr("Dark"), Scheme.DARK)
        self.scheme.activated.connect(lambda: self._preferences.change(scheme=Scheme(self.scheme.currentData())))
        self._add_row(self.tr("&Appearance:"), self.scheme, _at_left(self.scheme))

    def _add_folder(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(Space.NORMAL)
        self.folder = QLineEdit()
        self.folder.setReadOnly(True)
        self.choose = QPushButton(self.tr("&Choose…"))
        self.choose.setAutoDefault(False)
        self.choose.setAccessibleName(self.tr("Choose the folder in which clips are saved"))
        self.choose.clicked.connect(self._choose_folder)
        row.addWidget(self.folder, 1)
        row.addWidget(self.choose)
        self.folder.setAccessibleName(self.tr("Folder in which clips are saved"))
        self._add_row(self.tr("&Save clips in:"), self.folder, row)

    def _add_memory(self) -> None:
        self.limited = QCheckBox(self.tr("At &most"))
        self.limited.setAccessibleName(self.tr("Limit the memory of a clip"))
        self.limit = QDoubleSpinBox()
        self.limit.setRange(0.5, 4096)
        self.limit.setDecimals(1)
        self.limit.setSingleStep(0.5)
        self.limit.setValue(8)
        self.limit.setSuffix(self.tr(" GB"))
        self.limit.setAccessibleName(self.tr("Memory a clip may take, in GB"))
        self.limited.toggled.connect(self.limit.setEnabled)
        self.limited.clicked.connect(self._choose_limit)
        self.limit.editingFinished.connect(self._choose_limit)
        hint = self.tr("Without a limit a clip takes what is free.")
        self._form.addRow(self.tr("Memory of a clip:"), _with_hint(_at_left(self.limited, self.limit), hint))

    def _add_notifications(self) -> None:
        self.notify = QCheckBox(self.tr("&Tell me on the desktop when a clip is done"))
        self.notify.clicked.connect(lambda ticked: self._preferences.change(notify=ticked))
        self._form.addRow(self.tr("Notifications:"), self.notify)

    def _add_row(self, text: str, control: QWidget, row: QHBoxLayout | QVBoxLayout) -> None:
        label = QLabel(text)
        label.setBuddy(control)
        self._form.addRow(label, row)

    def _show(self, choices: Choices) -> None:
        self.language.setCurrentIndex(max(self.language.findData(choices.language), 0))
        self.scheme.setCurrentIndex(self.scheme.findData(choices.scheme))
        self.folder.setText(choices.save_folder or default_save_folder())
        self.limited.setChecked(choices.memory_limit is not None)
        self.limit.setEnabled(choices.memory_limit is not None)
        if choices.memory_limit is not None:
            self.limit.setValue(choices.memory_limit / _GIB)
        self.notify.setChecked(choices.notify)

    def _follow(self, _before: Choices, choices: Choices) -> None:
        self._show(choices)

    def _choose_limit(self) -> None:
        limit = round(self.limit.value() * _GIB) if self.limited.isChecked() else None
        self._preferences.change(memory_limit=limit)

    def _choose_folder(self) -> None:
        found = QFileDialog.getExistingDirectory(self, self.tr("Save clips in"), self.folder.text())
        if found:
            self._preferences.change(save_folder=str(Path(found)))


def _at_left(*controls: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(Space.NORMAL)
    for control in controls:
        row.addWidget(control)
    row.addStretch()
    return row


def _with_hint(row: QHBoxLayout, hint: str) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(Space.TIGHT)
    column.addLayout(row)
    column.addWidget(quiet(hint))
    return column


def default_save_folder() -> str:
    """Return the folder of the user's videos, or else the home folder."""
    return QStandardPaths.writableLocation(
        QStandardPaths.StandardLocation.MoviesLocation
    ) or QStandardPaths.writableLocation(QStandardPaths.StandardLocation.HomeLocation)
