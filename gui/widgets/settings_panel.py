"""The settings that most people never need, folded away."""

from enum import StrEnum

from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from pia_edge.clip.interpolation import MAX_FACTOR
from pia_edge.decoding import Decoder
from pia_edge.errors import RequestError
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.widgets.fold import Fold
from pia_edge.gui.widgets.optional_number import OptionalNumber
from pia_edge.gui.widgets.problem_line import ProblemLine
from pia_edge.gui.widgets.seed_row import SeedRow
from pia_edge.request import Fit, SchedulerName


class SettingsPanel(QWidget):
    """What is left empty is the bundle's choice, which is shown where it is known."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.seed = OptionalNumber(self.tr("Seed"), whole=True)
        self.seed_row = SeedRow(desk.draft, self.seed)
        self.steps = OptionalNumber(self.tr("Steps"), whole=True)
        self.guidance = OptionalNumber(self.tr("Guidance scale"), whole=False, step=0.5)
        self.guided_from = OptionalNumber(self.tr("Guidance begins at"), whole=False, step=0.05)
        self.guided_to = OptionalNumber(self.tr("Guidance ends at"), whole=False, step=0.05)
        self.width_field = OptionalNumber(self.tr("Width in pixels"), whole=True, step=8)
        self.height_field = OptionalNumber(self.tr("Height in pixels"), whole=True, step=8)
        self.scheduler = QComboBox()
        self.scheduler.setAccessibleName(self.tr("Scheduler"))
        self.decoder = QComboBox()
        self.decoder.setAccessibleName(self.tr("Decoder"))
        self.interpolate = QComboBox()
        self.interpolate.setAccessibleName(self.tr("Frames in between"))
        self.fit = QComboBox()
        self.fit.setAccessibleName(self.tr("Fit"))
        self.problem = ProblemLine()
        content = QWidget()
        self._form = QFormLayout(content)
        self.fold = Fold(self.tr("Advanced settings"), content)
        self._fill()
        self._connect()
        desk.draft.changed.connect(self._show)
        desk.limits.changed.connect(self._show)
        desk.limits.want()
        self._show()

    def set_last_seed(self, seed: int) -> None:
        """Say which seed the last clip had, so that it can be used again."""
        self.seed_row.set_last(seed)

    def add_row(self, label: str, widget: QWidget) -> None:
        """Add what other parts of the window let the user choose, such as the device."""
        self._form.insertRow(self._form.rowCount() - 1, label, widget)

    def _fill(self) -> None:
        self.guided_from.setPlaceholderText(self.tr("0, the first step"))
        self.guided_to.setPlaceholderText(self.tr("1, the last"))
        self.width_field.setPlaceholderText(self.tr("width"))
        self.height_field.setPlaceholderText(self.tr("height"))
        self._names: dict[SchedulerName, str] = {
            SchedulerName.DDIM: "DDIM",
            SchedulerName.EULER: "Euler",
            SchedulerName.EULER_ANCESTRAL: self.tr("Euler ancestral"),
            SchedulerName.DPM_SOLVER: "DPM-Solver++",
            SchedulerName.LCM: "LCM",
        }
        self.scheduler.addItems(["", *self._names.values()])
        self.decoder.addItems([self.tr("Full"), self.tr("Tiny: much faster, blurs fine detail")])
        self.interpolate.addItem(self.tr("None"))
        self.interpolate.addItems(
            [self.tr("{0} times the frames").format(factor) for factor in range(2, MAX_FACTOR + 1)]
        )
        self.interpolate.setToolTip(
            self.tr("Shows more frames a second, in between by following the motion; needs the extra video.")
        )
        self.fit.addItems([self.tr("Scaled, its shape kept"), self.tr("Cropped"), self.tr("Padded")])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.fold)
        form = self._form
        form.addRow(self.tr("Seed"), self.seed_row)
        form.addRow(self.tr("Steps"), self.steps)
        form.addRow(self.tr("Guidance"), self.guidance)
        form.addRow(self.tr("acts from"), _pair(self.guided_from, self.tr("to"), self.guided_to))
        form.addRow(self.tr("Scheduler"), self.scheduler)
        form.addRow(self.tr("Decoder"), self.decoder)
        form.addRow(self.tr("In between"), self.interpolate)
        form.addRow(self.tr("Size"), _pair(self.width_field, "×", self.height_field))
        form.addRow(self.tr("Fit"), self.fit)
        form.addRow(self.problem)

    def _connect(self) -> None:
        self.seed.chosen.connect(lambda value: self._choose(seed=value))
        self.steps.chosen.connect(lambda value: self._choose(num_inference_steps=value))
        self.guidance.chosen.connect(lambda value: self._choose(guidance_scale=value))
        for number in (self.guided_from, self.guided_to):
            number.chosen.connect(self._choose_interval)
        for number in (self.width_field, self.height_field):
            number.chosen.connect(self._choose_size)
        numbers = (self.seed, self.steps, self.guidance, self.guided_from, self.guided_to)
        for number in (*numbers, self.width_field, self.height_field):
            number.refused.connect(self.problem.say)
        schedulers = (None, *self._names)
        self.scheduler.activated.connect(lambda index: self._choose(scheduler=schedulers[index]))
        self.decoder.activated.connect(lambda index: self._choose(decoder=tuple(Decoder)[index]))
        self.interpolate.activated.connect(lambda index: self._choose(interpolate=index + 1))
        self.fit.activated.connect(lambda index: self._choose(fit=tuple(Fit)[index]))

    def _choose(self, **choices: object) -> None:
        try:
            self._desk.draft.change(**choices)
        except RequestError as error:
            self.problem.say(str(error))
        else:
            self.problem.say("")

    def _choose_interval(self) -> None:
        first, last = self.guided_from.value, self.guided_to.value
        none = first is None and last is None
        self._choose(guidance_interval=None if none else (first or 0.0, 1.0 if last is None else last))

    def _choose_size(self) -> None:
        width, height = self.width_field.value, self.height_field.value
        if (width is None) == (height is None):
            self._choose(size=None if width is None else (width, height))

    def _show(self) -> None:
        state, limits = self._desk.draft.state, self._desk.limits.found
        self.steps.show_value(state.num_inference_steps)
        self.guidance.show_value(state.guidance_scale)
        first, last = state.guidance_interval or (None, None)
        self.guided_from.show_value(first)
        self.guided_to.show_value(last)
        width, height = state.size or (None, None)
        self.width_field.show_value(width)
        self.height_field.show_value(height)
        self.scheduler.setCurrentIndex(_index(SchedulerName, state.scheduler) + 1)
        self.decoder.setCurrentIndex(_index(Decoder, state.decoder))
        self.interpolate.setCurrentIndex(state.interpolate - 1)
        self.fit.setCurrentIndex(_index(Fit, state.fit))
        if limits is not None:
            self.steps.setPlaceholderText(str(limits.num_inference_steps))
            self.guidance.setPlaceholderText(f"{limits.guidance_scale:g}")
            self.scheduler.setItemText(0, self.tr("The bundle's: {0}").format(self._names[limits.scheduler]))
            self.decoder.setEnabled(limits.tiny_decoder or state.decoder is not Decoder.FULL)


def _pair(first: QWidget, between: str, second: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(first, 1)
    row.addWidget(QLabel(between))
    row.addWidget(second, 1)
    return row


def _index(kind: type[StrEnum], value: StrEnum | None) -> int:
    """Which member ``value`` is; -1 for none."""
    return -1 if value is None else list(kind).index(value)
