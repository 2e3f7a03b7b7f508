"""The wizard's page of formats: what to make, how exact, and what it is called."""

from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QLineEdit, QWidget, QWizard, QWizardPage

from pia_edge.gui.model.export_words import precision_in_words, precisions_for, target_in_words
from pia_edge.gui.model.model_import import ModelImport


class TargetPage(QWizardPage):
    """Target, precision and name."""

    def __init__(self, work: ModelImport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self.setTitle(self.tr("What to make of it"))
        self.setButtonText(QWizard.WizardButton.NextButton, self.tr("&Make it"))
        self.target, self.precision = QComboBox(), QComboBox()
        self.target_line, self.precision_line = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.name = QLineEdit()
        self.makes = QLabel(wordWrap=True)
        self.replace = QCheckBox()
        layout = QFormLayout(self)
        layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        layout.addRow(self.tr("&Format"), self.target)
        layout.addRow("", self.target_line)
        layout.addRow(self.tr("&Precision"), self.precision)
        layout.addRow("", self.precision_line)
        layout.addRow(self.tr("&Name"), self.name)
        layout.addRow("", self.makes)
        layout.addRow("", self.replace)
        self.target.activated.connect(lambda row: work.change(target=self.target.itemData(row)))
        self.precision.activated.connect(lambda row: work.change(precision=self.precision.itemData(row)))
        self.name.textEdited.connect(lambda text: work.change(name=text.strip(), replace=False))
        self.replace.toggled.connect(lambda checked: work.change(replace=checked))
        work.changed.connect(self._show)

    def initializePage(self) -> None:  # noqa: N802 - Qt's name
        """Offer what can be made here of what was chosen before."""
        self.target.clear()
        extra, wish = self._work.extra, self._work.wish
        targets = () if extra is None else extra.targets
        for target in (*targets, *([] if wish.reference is not None else [None])):
            self.target.addItem(target_in_words(target)[0], target)
        if wish.target is None and wish.reference is not None and targets:
            self._work.change(target=targets[0])
        self._show()

    def isComplete(self) -> bool:  # noqa: N802 - Qt's name
        """Whether it can be made."""
        return self._work.may_start()

    def _show(self) -> None:
        wish = self._work.wish
        self.target.setCurrentIndex(self.target.findData(wish.target))
        self.target_line.setText(target_in_words(wish.target)[1])
        self._show_precisions()
        if self.name.text() != wish.name:
            self.name.setText(wish.name)
        self.name.setEnabled(wish.reference is None)
        self.makes.setText(self.tr("Makes: {names}").format(names=", ".join(self._work.names())))
        taken = self._work.taken()
        self.replace.setText(self.tr("&Replace what is there: {names}").format(names=", ".join(taken)))
        self.replace.setVisible(bool(taken))
        self.replace.setChecked(wish.replace)
        self.completeChanged.emit()

    def _show_precisions(self) -> None:
        wish = self._work.wish
        self.precision.setEnabled(wish.target is not None)
        self.precision_line.setText("" if wish.target is None else precision_in_words(wish.precision))
        if wish.target is None:
            return
        offered = precisions_for(wish.target)
        if wish.precision not in offered:
            self._work.change(precision=offered[0])
            return
        if list(offered) != [self.precision.itemData(row) for row in range(self.precision.count())]:
            self.precision.clear()
            for precision in offered:
                self.precision.addItem(precision, precision)
        self.precision.setCurrentIndex(self.precision.findData(wish.precision))
