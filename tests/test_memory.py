"""Memory is given back to the system, not kept for later."""

import subprocess
import sys
from pathlib import Path

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


PEAK = """
import subprocess, sys
from pia_edge.memory import peak_memory

if len(sys.argv) == 1:
    large = bytearray(300 << 20)
    print(peak_memory() >> 20, flush=True)
    subprocess.run([sys.executable, __file__, "child"], check=True)
else:
    print(peak_memory() >> 20)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count otherwise")
def test_the_peak_is_of_this_process_and_not_of_its_parent(tmp_path: Path) -> None:
    (tmp_path / "peak.py").write_text(PEAK)
    ran = subprocess.run([sys.executable, tmp_path / "peak.py"], capture_output=True, text=True, check=True)
    parent, child = (int(line) for line in ran.stdout.split())
    assert parent >= 300
    assert child < 100
