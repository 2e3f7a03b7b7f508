"""The program around the window, as its user starts and ends it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

# The window says when it is open.
PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from pia_edge.gui import app
app.MainWindow.showEvent = lambda window, event: QTimer.singleShot(0, lambda: print("open", flush=True))
sys.exit(app.main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no such signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_it_starts_and_a_signal_ends_it(number: signal.Signals, code: int, tmp_path: Path) -> None:
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "PIA_EDGE_HOME": str(tmp_path),
        "PIA_EDGE_LOG": "debug",
        "LANG": "C.UTF-8",
    }
    (tmp_path / "preferences.json").write_text('{"language": "de", "scheme": "dark"}')
    command = [sys.executable, "-c", PROGRAM]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True) as started:
        try:
            assert started.stdout is not None
            assert started.stdout.readline() == "open\n"
            started.send_signal(number)
            _, said = started.communicate(timeout=60)
        finally:
            started.kill()
    assert started.returncode == code, said
    assert "The window was deaf for " in said
    assert "Traceback" not in said
