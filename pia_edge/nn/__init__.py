"""PIA's network in PyTorch: read ``condition.py`` and ``temporal.py`` first, then ``unet.py``."""
