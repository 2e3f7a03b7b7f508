"""A child that fails as it is told to when it is first started, and is the real one from then on.

Arguments: what to do, and a file that tells whether it was done. Speaks JSON by hand, as a stranger would.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

from pia_edge import __version__

fault, done = sys.argv[1], Path(sys.argv[2])
if done.exists():
    os.execv(sys.executable, [sys.executable, "-m", "pia_edge.worker"])
done.touch()


def say(**message: object) -> None:
    print(json.dumps(message), flush=True)


if fault == "dies before hello":
    sys.exit(7)
say(type="Hello", version="0.0.0" if fault == "is of another version" else __version__)
request = json.loads(sys.stdin.readline())
say(type="Step", number=request["number"], stage="denoise", done=1, total=9, seconds_left=1.5, preview=None)
sys.stderr.write("last words\n")
sys.stderr.flush()
match fault:
    case "SIGSEGV" | "SIGABRT" | "SIGKILL":
        os.kill(os.getpid(), getattr(signal, fault))
    case "exits with 3":
        sys.exit(3)
    case "says garbage":
        print("Segmentation fault (core dumped)", flush=True)
    case "says half a message":
        print('{"type":"Step","num', end="", flush=True)
        sys.exit(0)
    case "says an impossible value":
        say(type="Finished", number=request["number"], made={"path": "x"})
    case "says 1 GB":
        for _ in range(1024):
            sys.stdout.write("x" * 2**20)
    case "closes its output":
        os.close(1)
    case "does not stop":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            say(type="Alive")
            time.sleep(0.1)
time.sleep(3600)
