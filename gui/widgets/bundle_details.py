"""All that a user may want to know of one bundle."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from pia_edge.bundle.listing import Listed
from pia_edge.gui.model import bundle_words
from pia_edge.gui.model.bundles import Verdict
from pia_edge.gui.widgets.plain_table import PlainTable


class BundleDetails(QScrollArea):
    """Name, facts, parity report and sources of a bundle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setAccessibleName(self.tr("Details of the bundle"))
        self.name, self.description = _heading(), _text()
        self.verdict = _text()
        self.facts = QWidget()
        self._form = QFormLayout(self.facts)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop)
        self.parity_heading, self.parity_text = _subheading(self.tr("Parity report")), _text()
        self.parity = PlainTable(
            self.tr("Parity report"),
            (self.tr("Module"), self.tr("Precision"), self.tr("Nearness"), self.tr("In words")),
            wide=3,
        )
        self.sources_heading = _subheading(self.tr("Where the weights came from"))
        self.sources = PlainTable(
            self.tr("Where the weights came from"), (self.tr("Part"), self.tr("From"), self.tr("Licence")), wide=1
        )
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 8, 0)
        for widget in (self.name, self.description, self.verdict, self.facts):
            layout.addWidget(widget)
        for widget in (self.parity_heading, self.parity_text, self.parity, self.sources_heading, self.sources):
            layout.addWidget(widget)
        layout.addStretch(1)
        self.setWidget(inside)

    def show_bundle(self, item: Listed, verdict: Verdict | None) -> None:
        """Show ``item``, and what came of verifying it."""
        manifest = item.manifest
        self.name.setText(item.name)
        self.description.setText(item.problem or ("" if manifest is None else manifest.description))
        self.description.setVisible(bool(self.description.text()))
        self._show_verdict(verdict)
        while self._form.rowCount():
            self._form.removeRow(0)
        for label, value in bundle_words.facts(item):
            shown = _text()
            shown.setText(value)
            shown.setAccessibleName(label)
            self._form.addRow(label, shown)
        parts = (self.facts, self.parity_heading, self.parity_text, self.parity, self.sources_heading, self.sources)
        for widget in parts:
            widget.setVisible(manifest is not None)
        if manifest is not None:
            self.parity_text.setText(bundle_words.parity_headline(manifest))
            self.parity.show_rows(bundle_words.parity_rows(manifest))
            self.parity.setVisible(bool(manifest.parity))
            self.sources.show_rows(bundle_words.source_rows(manifest))
            self.sources.setVisible(bool(manifest.sources))
            self.sources_heading.setVisible(bool(manifest.sources))

    def _show_verdict(self, verdict: Verdict | None) -> None:
        self.verdict.setVisible(verdict is not None)
        if verdict is None:
            return
        good = self.tr("Verified: all %n files are as they should be.", "", verdict.num_files)
        self.verdict.setText(verdict.problem or good)


def _heading() -> QLabel:
    label = QLabel()
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * 1.5)
    font.setBold(True)
    label.setFont(font)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _subheading(text: str) -> QLabel:
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    label.setContentsMargins(0, 12, 0, 0)
    return label


def _text() -> QLabel:
    label = QLabel(wordWrap=True)
    # What comes from files is no markup.
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
