"""The formats in which a clip is saved: what each is good for, and what the clip weighs in it."""

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QRadioButton, QStyle, QWidget

from pia_edge.clip import ClipFormat
from pia_edge.errors import PiaError
from pia_edge.gui.widgets.quiet import quiet
from pia_edge.gui.widgets.theme import Space


class FormatList(QWidget):
    """One format a row, of which one is chosen."""

    chosen = Signal(object)
    """A ``ClipFormat`` that the user has chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self.buttons: dict[ClipFormat, QRadioButton] = {}
        self.sizes: dict[ClipFormat, QLabel] = {}
        self._words: dict[ClipFormat, QLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self._grid.setHorizontalSpacing(0)
        style = self.style()
        self._grid.setColumnMinimumWidth(
            0,
            style.pixelMetric(QStyle.PixelMetric.PM_ExclusiveIndicatorWidth)
            + style.pixelMetric(QStyle.PixelMetric.PM_RadioButtonLabelSpacing),
        )
        for clip_format, name, words in self._rows():
            self._add(clip_format, name, words)

    def choose(self, clip_format: ClipFormat) -> None:
        """Show which format is chosen."""
        self.buttons[clip_format].setChecked(True)

    def show_missing(self, missing: dict[ClipFormat, str]) -> None:
        """Grey out what cannot be written here, and say how to get it."""
        for clip_format, why in missing.items():
            self.buttons[clip_format].setEnabled(False)
            self.sizes[clip_format].clear()
            words = self._words[clip_format]
            words.setText(why)
            words.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )

    def show_size(self, clip_format: ClipFormat, size: int | PiaError | None) -> None:
        """Show the bytes of the clip in a format, why it cannot be in it, or that this is being found out."""
        label = self.sizes[clip_format]
        if isinstance(size, int):
            label.setText(QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeSIFormat))
            label.setToolTip(self.tr("{0} bytes").format(QLocale().toString(size)))
        else:
            label.setText(self.tr("…") if size is None else self.tr("not possible"))
            label.setToolTip(self.tr("Being found out") if size is None else str(size))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose by a click anywhere in a row."""
        for clip_format, button in self.buttons.items():
            row = button.geometry().united(self._words[clip_format].geometry())
            if button.isEnabled() and row.top() <= event.position().y() <= row.bottom():
                button.click()

    def _rows(self) -> tuple[tuple[ClipFormat, str, str], ...]:
        return (
            (
                ClipFormat.GIF,
                self.tr("&GIF"),
                self.tr("Plays nearly everywhere. 256 colours, and times in steps of 10 ms."),
            ),
            (
                ClipFormat.WEBP,
                self.tr("&WebP"),
                self.tr("Small and in full colour, for web pages and chats. Exact up to 256 × 256."),
            ),
            (
                ClipFormat.APNG,
                self.tr("A&PNG"),
                self.tr("Every pixel exact. Browsers play it; some programs show the first frame alone."),
            ),
            (
                ClipFormat.MP4,
                self.tr("&MP4"),
                self.tr("For phones and video editors. Not lossless: colours have half the resolution."),
            ),
            (
                ClipFormat.PNG_SEQUENCE,
                self.tr("P&ictures"),
                self.tr("A folder with one PNG for each frame, every pixel exact, for other programs."),
            ),
        )

    def _add(self, clip_format: ClipFormat, name: str, words: str) -> None:
        row = self._grid.rowCount()
        button, label, size = QRadioButton(name), quiet(words), QLabel()
        button.setAccessibleDescription(words)
        size.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        size.setAccessibleName(self.tr("Size as {0}").format(name.replace("&", "")))
        label.setContentsMargins(0, 0, 0, Space.NORMAL)
        self._group.addButton(button)
        self._grid.addWidget(button, row, 0, 1, 2)
        self._grid.addWidget(size, row, 2)
        self._grid.addWidget(label, row + 1, 1, 1, 2)
        self.buttons[clip_format], self.sizes[clip_format], self._words[clip_format] = button, size, label
        button.clicked.connect(lambda: self.chosen.emit(clip_format))
