"""Memory is given back to the system, not kept for later."""

import subprocess
import sys

import pytest

PINNED = """
import ctypes, numpy as np
from pia_edge.memory import give_back_memory

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

# A freed block of 30 MB tells glibc to keep smaller ones.
np.zeros(30 << 20, np.uint8)
before = resident()
blocks = [np.ones(4 << 20, np.uint8) for _ in range(50)]
pin = np.ones(1 << 18, np.uint8)
del blocks
kept = resident() - before
give_back_memory()
print(kept >> 20, (resident() - before) >> 20)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other allocators")
def test_freed_memory_is_given_back() -> None:
    ran = subprocess.run([sys.executable, "-c", PINNED], capture_output=True, text=True, check=True)
    kept, after = (int(number) for number in ran.stdout.split())
    assert after <= min(kept, 20)
