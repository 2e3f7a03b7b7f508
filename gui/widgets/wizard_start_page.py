"""The wizard's first page: what to begin with, or what must be installed before."""

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
    QWizardPage,
)

from pia_edge.gui.model.model_import import ModelImport
from pia_edge.gui.widgets.icons import icon


class StartPage(QWizardPage):
    """Models, or a reference bundle."""

    def __init__(self, work: ModelImport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self.waiting = QLabel(self.tr("Looking whether models can be imported here…"))
        self._stack = QStackedLayout()
        self._stack.addWidget(self.waiting)
        self._stack.addWidget(self._missing())
        self._stack.addWidget(self._choice())
        self.setLayout(self._stack)
        work.changed.connect(self._show)
        self._show()

    def isComplete(self) -> bool:  # noqa: N802 - Qt's name
        """Whether there is something to begin with."""
        extra = self._work.extra
        return extra is not None and not extra.missing

    def _missing(self) -> QWidget:
        page = QWidget()
        self.missing = QLabel(wordWrap=True)
        self.command = QLineEdit(readOnly=True)
        self.command.setAccessibleName(self.tr("Command that installs them"))
        self.command.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.copy = QPushButton(icon("copy"), self.tr("Cop&y"))
        self.copy.setAccessibleName(self.tr("Copy the command"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.command.text()))
        row = QHBoxLayout()
        row.addWidget(self.command, 1)
        row.addWidget(self.copy)
        layout = QVBoxLayout(page)
        layout.addWidget(self.missing)
        layout.addLayout(row)
        layout.addWidget(
            QLabel(
                self.tr("Then start PIA Edge again. Bundles that you have can be added without this."), wordWrap=True
            )
        )
        layout.addStretch(1)
        return page

    def _choice(self) -> QWidget:
        page = QWidget()
        self.models = QRadioButton(self.tr("&Models that I have"))
        self.models.setChecked(True)
        self.reference = QRadioButton(self.tr("A &reference bundle that I have"))
        self.references = QComboBox()
        self.references.setAccessibleName(self.tr("Reference bundle"))
        layout = QVBoxLayout(page)
        layout.addWidget(self.models)
        layout.addWidget(
            _hint(self.tr("A Stable Diffusion 1.5 model and PIA’s weights, with LoRAs and embeddings if you like."))
        )
        layout.addWidget(self.reference)
        layout.addWidget(_hint(self.tr("Export it once more: to another format, or with another precision.")))
        row = QHBoxLayout()
        row.setContentsMargins(24, 0, 0, 0)
        row.addWidget(self.references)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addStretch(1)
        self.models.toggled.connect(self._choose)
        self.references.activated.connect(self._choose)
        return page

    def _choose(self) -> None:
        name = None if self.models.isChecked() else self.references.currentText()
        self._work.change(reference=name, name=name or "")

    def _show(self) -> None:
        extra = self._work.extra
        self._stack.setCurrentIndex(0 if extra is None else 1 if extra.missing else 2)
        missing, begin = self.tr("Something must be installed first"), self.tr("What would you like to begin with?")
        self.setTitle(missing if extra is not None and extra.missing else begin)
        if extra is not None and extra.missing:
            self.missing.setText(
                self.tr(
                    "Importing and exporting need libraries that are not installed: {names}. This installs them:"
                ).format(names=", ".join(extra.missing))
            )
            self.command.setText(extra.install)
        elif self._work.problem and extra is None:
            self.waiting.setText(self._work.problem)
        names = self._work.references()
        if names != [self.references.itemText(row) for row in range(self.references.count())]:
            self.references.clear()
            self.references.addItems(names)
        self.reference.setEnabled(bool(names))
        self.references.setEnabled(bool(names) and self.reference.isChecked())
        self.completeChanged.emit()


def _hint(text: str) -> QLabel:
    label = QLabel(text, wordWrap=True)
    label.setContentsMargins(24, 0, 0, 8)
    return label
