"""The program in the menu of a Linux desktop: an entry that starts it, icons, and nothing left when it is removed."""

import configparser
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

SCRIPT = Path(__file__).parent.parent.parent / "scripts" / "install-desktop-entry"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such entries")


def install(home: Path, *arguments: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home)}
    done = subprocess.run([SCRIPT, *arguments], env=environment, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout


def test_an_entry_is_made_and_removed(tmp_path: Path) -> None:
    program = tmp_path / "my $programs" / "100% pia-edge-gui"
    program.parent.mkdir()
    program.touch(mode=0o755)
    install(tmp_path, str(program))
    backslash = "\\"
    share = tmp_path / ".local" / "share"
    entry = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(share / "applications" / "pia-edge.desktop", encoding="utf-8")
    fields = entry["Desktop Entry"]
    # The specification: backslashes of all texts first, then quotes as a shell has them, then %.
    words = f"printf '%s\\n' {fields['Exec'].replace(2 * backslash, backslash)}"
    started, picture = subprocess.check_output(["sh", "-c", words], text=True, timeout=60).splitlines()
    assert (Path(started.replace("%%", "%")), picture) == (program, "%f")
    assert fields["Icon"] == "pia-edge"
    assert "image/png" in fields["MimeType"].split(";")
    icons = sorted(share.glob("icons/hicolor/*/apps/pia-edge.png"))
    assert len(icons) == 7
    for icon in icons:
        side = int(icon.parts[-3].split("x")[0])
        assert (QImage(str(icon)).width(), QImage(str(icon)).height()) == (side, side)
    install(tmp_path, "--remove")
    assert [path for path in share.rglob("*") if path.is_file()] == []
