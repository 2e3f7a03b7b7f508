"""Clips made in a process of their own: whatever happens there, the caller lives on.

The two processes speak in lines of JSON (``messages.py``); the child serves (``serving.py``), the parent asks
(``asking.py``) and watches the child (``child.py``).
"""

from pia_edge.worker.asking import Worker

__all__ = ["Worker"]
