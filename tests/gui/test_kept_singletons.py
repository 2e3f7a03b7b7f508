"""What PySide6 6.12.0 does to None on Python 3.11 does not end the program."""

import subprocess
import sys

_CALLS = """
import pia_edge.gui
from PySide6.QtCore import QObject
one = QObject()
for _ in range(50_000):
    one.setObjectName("x")
print(one.objectName())
"""


def test_many_calls_that_return_nothing_leave_none_alive() -> None:
    ended = subprocess.run([sys.executable, "-c", _CALLS], capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "x\n", "")
