"""The long work that is being done, how far it is, and a button that stops it."""

from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QPushButton, QWidget

from pia_edge.gui.model.errand_words import stage_in_words
from pia_edge.gui.model.errands import Errands
from pia_edge.gui.widgets.icons import icon


class ErrandBar(QWidget):
    """Shows what :class:`Errands` is doing; hidden while that is nothing."""

    def __init__(self, errands: Errands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._errands = errands
        self.title = QLabel()
        self.stage = QLabel()
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.stop = QPushButton(icon("stop"), self.tr("&Stop"))
        self.stop.setAccessibleName(self.tr("Stop this work"))
        self.stop.clicked.connect(errands.stop)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.title, 0, 0)
        layout.addWidget(self.stage, 0, 1)
        layout.addWidget(self.bar, 1, 0, 1, 2)
        layout.addWidget(self.stop, 0, 2, 2, 1)
        layout.setColumnStretch(1, 1)
        layout.setHorizontalSpacing(16)
        errands.changed.connect(self._show)
        errands.progressed.connect(self._show)
        self._show()

    def _show(self) -> None:
        errand, progress = self._errands.current, self._errands.progress
        self.setVisible(errand is not None)
        if errand is None:
            return
        self.title.setText(errand.title)
        self.stage.setText("" if progress is None else stage_in_words(progress))
        # A maximum of 0 shows that something goes on, and not how far it is.
        self.bar.setRange(0, 0 if progress is None else max(1, progress.total))
        if progress is not None:
            self.bar.setValue(progress.done)
        self.bar.setAccessibleDescription(self.stage.text())
