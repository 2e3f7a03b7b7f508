"""What a backend takes of memory."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class MemoryUse:
    """What one backend takes on one device, in bytes; the numbers are measured (benchmarks/memory.py)."""

    process: int
    """Python, NumPy and the runtime, before a module is loaded."""
    unet: float
    """For each stored byte of the UNet."""
    others: float
    """For each stored byte of another module."""
    values: float
    """While the UNet runs, for each channel and position of its finest level, each frame and each prompt."""
    scores: float
    """The same for each score of spatial attention; 0 where the runtime never holds all of them."""
    pixels: float
    """For each pixel of a picture that is encoded or decoded."""
