"""The page of devices: every backend with its state, its reason and its test."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.widgets.backend_box import BackendBox
from pia_edge.gui.widgets.errand_bar import ErrandBar
from pia_edge.gui.widgets.icons import icon


class DevicesPage(QWidget):
    """The backends of :class:`Devices`, for the bundle of the draft."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.boxes: dict[str, BackendBox] = {}
        self.heading = QLabel(wordWrap=True)
        self.problem = QLabel(wordWrap=True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.again = QPushButton(icon("retry"), self.tr("&Look again"))
        self.again.setToolTip(self.tr("Look for devices that came or went"))
        self.again.clicked.connect(desk.devices.refresh)
        self.errand = ErrandBar(desk.errands)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        # Controls are reached by Tab; the page itself has nothing to do with keys.
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(inside)
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(self.again)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.addLayout(top)
        layout.addWidget(self.problem)
        layout.addWidget(scroll, 1)
        layout.addWidget(self.errand)
        desk.devices.changed.connect(self._show)
        desk.errands.changed.connect(self._show)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Look what there is."""
        super().showEvent(event)
        self._desk.devices.refresh()

    def _show(self) -> None:
        devices = self._desk.devices
        self.heading.setText(
            self.tr("What this computer can run the bundle {name} on. Backends are tried from the top.").format(
                name=self._desk.bundles.used
            )
        )
        self.problem.setText(devices.problem or "")
        self.problem.setVisible(devices.problem is not None)
        busy = self._desk.errands.current is not None
        listed = {state.backend for state in devices.backends}
        for name, box in self.boxes.items():
            box.setVisible(name in listed)
        for state in devices.backends:
            if state.backend not in self.boxes:
                self.boxes[state.backend] = BackendBox(devices, state.backend)
                self._column.insertWidget(self._column.count() - 1, self.boxes[state.backend])
            self.boxes[state.backend].show_state(state, taken=state.backend == devices.automatic, busy=busy)
