"""Which bundle animates, and on what: two lists, and a sentence where they do not go together."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QWidget

from pia_edge.gui.model.backend_words import backend_in_words
from pia_edge.gui.model.bundle_words import summary
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.devices import AUTOMATIC, Choice
from pia_edge.gui.model.draft import DraftState


class BundleChooser(QWidget):
    """Follows and sets ``bundle``, ``backend`` and ``device`` of the draft."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.bundle, self.device = _combo(), _combo()
        self.bundle.setAccessibleName(self.tr("Bundle"))
        self.device.setAccessibleName(self.tr("Runs on"))
        self.reason = QLabel(wordWrap=True)
        self.reason.setTextFormat(Qt.TextFormat.PlainText)
        self.reason.setAccessibleName(self.tr("Why this does not go together"))
        layout = QFormLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addRow(self.tr("&Bundle"), self.bundle)
        layout.addRow(self.tr("&Runs on"), self.device)
        layout.addRow(self.reason)
        self.bundle.activated.connect(lambda row: desk.bundles.use(self.bundle.itemData(row)))
        self.device.activated.connect(lambda row: desk.devices.choose(self.device.itemData(row)))
        desk.bundles.changed.connect(self._show_bundles)
        desk.devices.changed.connect(self._show_devices)
        desk.draft.changed.connect(self._follow)
        self._show_bundles()
        self._show_devices()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Look what there is."""
        super().showEvent(event)
        self._desk.bundles.refresh()
        self._desk.devices.refresh()

    def _follow(self, before: DraftState, now: DraftState) -> None:
        # Of a change of backend or device, the model of devices tells.
        if before.bundle != now.bundle:
            self._show_bundles()

    def _show_bundles(self) -> None:
        bundles = self._desk.bundles
        self.bundle.clear()
        for item in bundles.items:
            self.bundle.addItem(item.name, item.name)
            row = self.bundle.count() - 1
            self.bundle.setItemData(row, item.problem or summary(item), Qt.ItemDataRole.ToolTipRole)
            _enable(self.bundle, row, item.manifest is not None)
        if self.bundle.findData(bundles.used) < 0:
            # A folder, or a bundle that is not in the list yet or any more.
            self.bundle.addItem(bundles.used, bundles.used)
        self.bundle.setCurrentIndex(self.bundle.findData(bundles.used))

    def _show_devices(self) -> None:
        devices = self._desk.devices
        self.device.clear()
        for choice in devices.choices():
            refused = devices.refusal(choice.backend)
            self.device.addItem(self._words(choice), choice)
            row = self.device.count() - 1
            if refused is not None:
                self.device.setItemData(row, refused, Qt.ItemDataRole.ToolTipRole)
                _enable(self.device, row, choice.backend == AUTOMATIC)
            if choice == devices.chosen:
                self.device.setCurrentIndex(row)
        self._show_reason()

    def _show_reason(self) -> None:
        devices = self._desk.devices
        chosen = devices.chosen
        sentence = devices.problem or devices.refusal(chosen.backend) or ""
        if not devices.problem and sentence and chosen.backend != AUTOMATIC:
            sentence = self.tr("{backend} cannot run this bundle here: {reason}.").format(
                backend=backend_in_words(chosen.backend), reason=sentence
            )
        elif not sentence and (missing := devices.missing_device(chosen)) is not None:
            sentence = self.tr("There is no device {device} here. Choose another.").format(device=missing)
        self.reason.setText(sentence)
        self.reason.setVisible(bool(sentence))

    def _words(self, choice: Choice) -> str:
        if choice.backend == AUTOMATIC:
            taken = self._desk.devices.automatic
            if taken is None:
                return self.tr("Automatic")
            return self.tr("Automatic: {backend}").format(backend=backend_in_words(taken))
        name = backend_in_words(choice.backend)
        return name if choice.device is None else f"{name}, {choice.device}"


def _combo() -> QComboBox:
    combo = QComboBox()
    # Long names of bundles must not widen the panel.
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(16)
    return combo


def _enable(combo: QComboBox, row: int, enabled: bool) -> None:
    model = combo.model()
    if isinstance(model, QStandardItemModel):
        model.item(row).setEnabled(enabled)
