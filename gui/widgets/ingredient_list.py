"""Files that are added to a model, each with a strength or a word."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)


class IngredientRow(QWidget):
    """One file, and its strength or word."""

    def __init__(self, path: Path, beside: QDoubleSpinBox | QLineEdit) -> None:
        super().__init__()
        self.path = path
        self.beside = beside
        label = QLabel(path.name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setToolTip(str(path))
        self.remove = QPushButton(self.tr("Remove"))
        self.remove.setAccessibleName(self.tr("Remove {name}").format(name=path.name))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(label, 1)
        layout.addWidget(beside)
        layout.addWidget(self.remove)


class IngredientList(QWidget):
    """Rows of files, and a button that adds some."""

    changed = Signal()

    def __init__(self, title: str, *, strengths: bool, parent: QWidget | None = None) -> None:
        """Make an empty one.

        Args:
            title: of the dialog that adds files.
            strengths: whether each file has a strength, as LoRAs do, or a word, as embeddings do.
            parent: of the widget.
        """
        super().__init__(parent)
        self._title = title
        self._strengths = strengths
        self.rows: list[IngredientRow] = []
        self.add = QPushButton(self.tr("Add…"))
        self.add.setAccessibleName(title)
        self.add.clicked.connect(self._open)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeading)

    def strengths(self) -> list[tuple[Path, float]]:
        """Return the files with their strengths."""
        return [(row.path, row.beside.value()) for row in self.rows if isinstance(row.beside, QDoubleSpinBox)]

    def words(self) -> list[tuple[Path, str | None]]:
        """Return the files with their words; None where the word is that in the file."""
        return [(row.path, row.beside.text().strip() or None) for row in self.rows if isinstance(row.beside, QLineEdit)]

    def add_file(self, path: Path) -> None:
        """Add a row for ``path``."""
        row = IngredientRow(path, self._strength(path) if self._strengths else self._word(path))
        row.remove.clicked.connect(lambda: self._remove(row))
        self.rows.append(row)
        self._column.insertWidget(self._column.count() - 1, row)
        self.changed.emit()

    def _add_files(self, names: list[str]) -> None:
        for name in names:
            self.add_file(Path(name))

    def _remove(self, row: IngredientRow) -> None:
        self.rows.remove(row)
        row.hide()
        row.deleteLater()
        self.add.setFocus()
        self.changed.emit()

    def _strength(self, path: Path) -> QDoubleSpinBox:
        spin = QDoubleSpinBox(minimum=-100.0, maximum=100.0, singleStep=0.1, decimals=2, value=1.0)
        spin.setAccessibleName(self.tr("Strength of {name}").format(name=path.name))
        spin.setToolTip(self.tr("Strength: 1 is what its maker meant"))
        spin.valueChanged.connect(self.changed)
        return spin

    def _word(self, path: Path) -> QLineEdit:
        line = QLineEdit(placeholderText=self.tr("word in the file"))
        line.setAccessibleName(self.tr("Word for {name}").format(name=path.name))
        line.setToolTip(self.tr("The word of the prompt that calls it"))
        line.textChanged.connect(self.changed)
        return line

    def _open(self) -> None:
        dialog = QFileDialog(self, self._title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self._add_files)
        dialog.open()
