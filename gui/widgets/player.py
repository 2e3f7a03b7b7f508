"""The player: the clip that is open, or the one that is being made."""

from html import escape
from pathlib import Path
from typing import Any

from PySide6.QtCore import QElapsedTimer, QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QHideEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.opened_clip import OpenedClip, Shown
from pia_edge.gui.model.playback import Playback
from pia_edge.gui.widgets.clip_actions import copy_file, drag_of
from pia_edge.gui.widgets.clip_canvas import ClipCanvas
from pia_edge.gui.widgets.curtain_row import CurtainRow
from pia_edge.gui.widgets.icons import icon
from pia_edge.gui.widgets.save_dialog import SaveDialog
from pia_edge.gui.widgets.show_in_folder import show_in_folder
from pia_edge.gui.widgets.theme import Space
from pia_edge.gui.widgets.transport import Transport


class Player(QWidget):
    """Plays a clip at its own pace, compares it with its picture, and lets it out of the window."""

    opened = Signal(object)
    """The path of a clip that is there to be watched."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._clip = OpenedClip(desk.places, desk.questions, self)
        self._playback = Playback(self)
        self._previews_wanted = True
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.canvas = ClipCanvas()
        self.canvas.setAccessibleName(self.tr("Clip"))
        self.transport = Transport(self._playback)
        self.curtain = CurtainRow()
        self.notice = QLabel()
        self._make_actions()
        self._lay_out()
        self._connect()
        self._show_clip()

    @property
    def path(self) -> Path | None:
        """The clip that is open."""
        return self._clip.path

    def open(self, path: Path) -> None:
        """Play the clip at ``path``: a file, or a folder of PNGs. Previews leave it alone until another job starts."""
        self._previews_wanted = False
        found = self._desk.gallery.find(path)
        pictures = (found[0].picture if found is not None else None, self._desk.draft.state.picture)
        self._clip.open(path, tuple(picture for picture in pictures if picture is not None))

    def show_preview(self, frames: Any) -> None:
        """Play what the network sees, uint8 (frames, height, width, 3), unless the user has opened a clip meanwhile."""
        if self._previews_wanted:
            self._clip.show_preview(frames, self._desk.draft.state.fps)

    def clear(self) -> None:
        """Show nothing."""
        self._previews_wanted = True
        self._clip.clear()

    def save_as(self) -> SaveDialog | None:
        """Ask how and where the clip is to be saved; return the dialog, or None where there is no clip."""
        if self._clip.path is None:
            return None
        dialog = SaveDialog(self._desk, self._clip.path, recipe=self._clip.recipe, fps=self._clip.fps, parent=self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.saved.connect(self._tell_saved)
        dialog.open()
        return dialog

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Play, pause and step by the keys that players have."""
        playback = self._playback
        keys = {
            Qt.Key.Key_Space: lambda: playback.play(not playback.playing),
            Qt.Key.Key_Comma: lambda: playback.step(-1),
            Qt.Key.Key_Left: lambda: playback.step(-1),
            Qt.Key.Key_Period: lambda: playback.step(1),
            Qt.Key.Key_Right: lambda: playback.step(1),
            Qt.Key.Key_Home: lambda: playback.seek(0),
            Qt.Key.Key_End: lambda: playback.seek(playback.count - 1),
        }
        act = keys.get(Qt.Key(event.key()))
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if act is None or not plain or not playback.count:
            super().keyPressEvent(event)
        else:
            act()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Go on."""
        super().showEvent(event)
        self._schedule()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Let time stand still where nobody looks."""
        super().hideEvent(event)
        self._timer.stop()

    def _make_actions(self) -> None:
        self.copy_frame = self._action(self.tr("&Copy frame"), QKeySequence.StandardKey.Copy, "copy")
        self.copy_clip = self._action(self.tr("Copy clip as a &file"), "Ctrl+Shift+C", "film")
        self.show_folder = self._action(self.tr("Show in folder"), None, "folder")
        self.compare = self._action(self.tr("C&ompare with the picture"), "C", "compare")
        self.compare.setCheckable(True)
        self.smooth = self._action(self.tr("&Smooth when enlarged"), None, None)
        self.smooth.setCheckable(True)
        self.smooth.setChecked(True)
        self.save = self._action(self.tr("Save as…"), QKeySequence.StandardKey.Save, "save")

    def _action(self, text: str, keys: "QKeySequence.StandardKey | str | None", name: str | None) -> QAction:
        action = QAction(text, self)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
            # Other pages have a Ctrl+C of their own.
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        if name is not None:
            action.setIcon(icon(name))
        self.addAction(action)
        return action

    def _lay_out(self) -> None:
        self.notice.setWordWrap(True)
        compare, more, save = QToolButton(), QToolButton(), QPushButton()
        compare.setDefaultAction(self.compare)
        compare.setToolTip(self.tr("Compare with the picture (C)"))
        menu = QMenu(self)
        menu.addActions([self.copy_frame, self.copy_clip, self.show_folder])
        menu.addSeparator()
        menu.addActions([self.smooth])
        more.setText(self.tr("More"))
        more.setMenu(menu)
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        for button in (compare, more):
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.transport.tools.addWidget(button)
        save.setIcon(self.save.icon())
        save.setText(self.save.text())
        save.setToolTip(self.tr("Save as GIF, WebP, APNG, MP4 or pictures (Ctrl+S)"))
        save.clicked.connect(self.save.trigger)
        self.save.changed.connect(lambda: save.setEnabled(self.save.isEnabled()))
        self.transport.tools.addWidget(save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.NORMAL)
        column.addWidget(self.canvas, 1)
        for widget in (self.curtain, self.transport, self.notice):
            column.addWidget(widget)

    def _connect(self) -> None:
        self._timer.timeout.connect(self._tick)
        self._clip.changed.connect(self._show_clip)
        self._playback.moved.connect(self._show_frame)
        self._playback.changed.connect(self._schedule)
        self.canvas.drag_wanted.connect(self._drag)
        self.canvas.curtain_moved.connect(self.curtain.put)
        self.canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.canvas.addActions(
            [self.save, self.copy_frame, self.copy_clip, self.show_folder, self.compare, self.smooth]
        )
        self.curtain.moved.connect(self._show_comparison)
        self.compare.toggled.connect(self._show_comparison)
        self.smooth.toggled.connect(self.canvas.set_smooth)
        self.copy_frame.triggered.connect(self._copy_frame)
        self.copy_clip.triggered.connect(self._copy_clip)
        self.show_folder.triggered.connect(lambda: self.path is not None and show_in_folder(self.path))
        self.save.triggered.connect(self.save_as)
        self.notice.linkActivated.connect(lambda name: show_in_folder(Path(name)))
        self._desk.jobs.started.connect(self._want_previews)

    def _show_clip(self) -> None:
        clip, frames = self._clip, self._clip.frames
        messages = {
            Shown.NOTHING: self.tr("Your clip is played here."),
            Shown.OPENING: self.tr("Opening…"),
            Shown.ERROR: clip.error,
        }
        self.canvas.show_message(messages.get(clip.shown, ""))
        self.notice.hide()
        self._playback.take(frames.milliseconds if frames is not None else ())
        self.transport.take(self._playback.count)
        whole = clip.shown is Shown.CLIP
        for action in (self.copy_clip, self.show_folder, self.compare, self.save):
            action.setEnabled(whole)
        self.copy_frame.setEnabled(frames is not None)
        self._show_comparison()
        self._show_frame()
        self._schedule()
        if whole:
            self.opened.emit(clip.path)

    def _show_frame(self) -> None:
        frames = self._clip.frames
        badge = self.tr("preview") if self._clip.shown is Shown.PREVIEW else ""
        self.canvas.show_image(None if frames is None else frames.image(self._playback.index), badge=badge)

    def _show_comparison(self) -> None:
        still = self._clip.still() if self.compare.isChecked() else None
        self.compare.setEnabled(self._clip.shown is Shown.CLIP)
        self.curtain.setVisible(still is not None)
        self.canvas.compare(still, None if still is None else self.curtain.part)

    def _want_previews(self) -> None:
        self._previews_wanted = True

    def _tick(self) -> None:
        self._playback.pass_time(self._clock.nsecsElapsed() / 1e6)
        self._schedule()

    def _schedule(self) -> None:
        """Wake up when another frame is due."""
        self._timer.stop()
        if self._playback.playing and self.isVisible():
            self._clock.start()
            self._timer.start(max(1, round(self._playback.until_next())))

    def _copy_frame(self) -> None:
        if self._clip.frames is not None:
            QGuiApplication.clipboard().setImage(self._clip.frames.image(self._playback.index))
            self._tell(self.tr("Frame {0} is on the clipboard.").format(self._playback.index + 1))

    def _copy_clip(self) -> None:
        if self.path is not None:
            copy_file(self.path)
            self._tell(self.tr("The clip is on the clipboard, as a file."))

    def _drag(self) -> None:
        if self.path is not None and self._clip.frames is not None:
            drag_of(self, self.path, self._clip.frames.image(self._playback.index)).exec(Qt.DropAction.CopyAction)

    def _tell_saved(self, path: Path, size: int) -> None:
        words = self.tr("Saved as {0}, {1}.").format(escape(path.name), QLocale().formattedDataSize(size, 1))
        self._tell(f'{words} <a href="{escape(str(path))}">{self.tr("Show in folder")}</a>')

    def _tell(self, text: str) -> None:
        self.notice.setText(text)
        self.notice.show()
