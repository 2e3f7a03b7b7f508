"""A window that goes on with its queue and says how far its clips are; arguments: home, then a draft as JSON to add."""

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from pia_edge.gui.model.jobs import JobQueue
from pia_edge.gui.model.places import Places
from pia_edge.gui.model.questions import Questions
from pia_edge.gui.model.queued_job import draft_from_json

application = QCoreApplication([])
questions = Questions()
queue = JobQueue(Places(Path(sys.argv[1])), questions)
queue.progressed.connect(lambda row, progress: print(row.number, progress.stage, progress.done, flush=True))
for draft in sys.argv[2:]:
    queue.add(draft_from_json(draft.encode()))
application.exec()
