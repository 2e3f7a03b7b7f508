"""How a child process is started."""

import os
import sys
from collections import deque

import psutil
import pytest

from pia_edge.worker.child import Child


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has classes of priority in place of numbers")
@pytest.mark.parametrize("yielding", [False, True])
def test_a_child_lets_other_programs_come_first_if_it_is_asked_to(yielding: bool) -> None:
    log: deque[str] = deque()
    child = Child(log.append, [sys.executable, "-c", "input()"], yielding=yielding)
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert psutil.Process(vars(child)["_process"].pid).nice() == (max(own, 5) if yielding else own)
    child.close(5)
