"""The room of the desktop app: widgets show an observable model, which asks worker processes (PySide6).

``widgets/`` paints and takes input and decides nothing; ``model/`` decides, knows no widget, and asks through
:class:`pia_edge.Worker`. This process opens no picture, loads no runtime and imports no PyTorch: what can crash,
hang or take long happens in a worker.
"""
