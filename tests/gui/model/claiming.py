"""A window that claims one job after the other and says of each that it is done; argument: its home."""

import sys
from pathlib import Path

from pia_edge.gui.model.database import open_database
from pia_edge.gui.model.queue_store import QueueStore
from pia_edge.gui.model.queued_job import JobState
from pia_edge.gui.model.window_lock import WindowLock

home = Path(sys.argv[1])
store = QueueStore(open_database(home / "desktop.sqlite3")[0], WindowLock(home / "windows"))
while True:
    job = store.claim(home / "clips")
    if job is None:
        raise SystemExit("all were done before anybody ended this")
    store.record(job.number, JobState.DONE)
    print("claimed", flush=True)
