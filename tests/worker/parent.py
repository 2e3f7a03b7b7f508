"""A program that waits for a long clip and says its child's process id; arguments: picture and bundle."""

import sys
from pathlib import Path

from pia_edge import AnimationRequest, Job, Worker

request = AnimationRequest(prompt="a", num_inference_steps=900)
job = Job(picture=Path(sys.argv[1]), request=request, output=Path("x.gif"), bundle=sys.argv[2], backend="cpu")
worker = Worker()
worker.animate(job, on_step=lambda _: print(vars(vars(worker)["_child"])["_process"].pid, flush=True))
