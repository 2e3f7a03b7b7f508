"""The palettes: readable, complete, and chosen as the user wishes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from pia_edge.gui.model.preferences import Preferences, Scheme
from pia_edge.gui.widgets.house_style import HouseStyle
from pia_edge.gui.widgets.theme import Theme, palette_of

Role = QPalette.ColorRole
Group = QPalette.ColorGroup

TEXTS = [
    *((Role.WindowText, ground) for ground in (Role.Window, Role.Base, Role.AlternateBase)),
    *((Role.Text, ground) for ground in (Role.Base, Role.AlternateBase)),
    *((Role.PlaceholderText, ground) for ground in (Role.Base, Role.Window)),
    *((Role.Link, ground) for ground in (Role.Window, Role.Base)),
    *((Role.LinkVisited, ground) for ground in (Role.Window, Role.Base)),
    *((Role.BrightText, ground) for ground in (Role.Window, Role.Base)),
    (Role.ButtonText, Role.Button),
    (Role.ButtonText, Role.Window),
    (Role.HighlightedText, Role.Highlight),
    (Role.ToolTipText, Role.ToolTipBase),
]


def luminance(colour: QColor) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_wcags() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21, abs=0.001)
    assert contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("group", [Group.Active, Group.Inactive, Group.Disabled])
def test_every_text_can_be_read(dark: bool, group: Group) -> None:
    palette = palette_of(dark=dark)
    found = {pair: contrast(palette.color(group, pair[0]), palette.color(group, pair[1])) for pair in TEXTS}
    assert {pair: ratio for pair, ratio in found.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_what_is_drawn_in_the_accent_can_be_seen(dark: bool) -> None:
    palette = palette_of(dark=dark)
    for ground in (Role.Window, Role.Base, Role.AlternateBase):
        assert contrast(palette.color(Role.Accent), palette.color(ground)) >= 3


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_role_of_every_group_is_ours(dark: bool) -> None:
    palette = palette_of(dark=dark)
    roles = [role for role in Role if role not in (Role.NoRole, Role.NColorRoles)]
    assert len(roles) == 21
    for group in (Group.Active, Group.Inactive, Group.Disabled):
        for role in roles:
            assert palette.isBrushSet(group, role)


@pytest.fixture
def preferences(tmp_path: Path, qapp: QApplication) -> Iterator[Preferences]:
    style, palette = qapp.style().name(), qapp.palette()
    yield Preferences(tmp_path / "preferences.json")
    qapp.styleHints().unsetColorScheme()
    qapp.setStyle(style)
    qapp.setPalette(palette)


def test_the_window_changes_at_once(preferences: Preferences, qapp: QApplication, qtbot: QtBot) -> None:
    theme = Theme(qapp, preferences)
    label = QLabel('<a href="x">link</a>')
    qtbot.addWidget(label)
    with qtbot.waitExposed(label):
        label.show()
    style = qapp.style()
    assert isinstance(style, HouseStyle)
    assert style.baseStyle().name() == "fusion"
    for scheme, dark in ((Scheme.DARK, True), (Scheme.LIGHT, False), (Scheme.DARK, True)):
        preferences.change(scheme=scheme)
        qapp.processEvents()
        assert theme.dark is dark
        assert label.palette().color(Role.Window) == palette_of(dark=dark).color(Role.Window)
        drawn = label.grab().toImage()
        colours = {drawn.pixelColor(x, y).name() for x in range(drawn.width()) for y in range(drawn.height())}
        assert palette_of(dark=dark).color(Role.Link).name() in colours
    theme.deleteLater()


def test_without_a_choice_it_is_what_the_system_has(preferences: Preferences, qapp: QApplication) -> None:
    theme = Theme(qapp, preferences)
    assert not theme.dark, "a system that does not say counts as light"
    theme.deleteLater()
