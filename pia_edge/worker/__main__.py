"""``python -m pia_edge.worker``: what :class:`pia_edge.Worker` starts."""

from pia_edge.worker.serving import serve

serve()
