"""NVIDIA's graphics processors, as their driver knows them."""

import ctypes
import sys
from dataclasses import dataclass

_NAME_LENGTH = 256


@dataclass(frozen=True)
class Gpu:
    """One graphics processor."""

    name: str
    memory: int
    """Bytes."""


@dataclass(frozen=True)
class Driver:
    """What the driver finds."""

    version: str
    """The newest CUDA that it runs."""
    gpus: tuple[Gpu, ...]


def find_driver() -> Driver | None:
    """Return what NVIDIA's driver finds, or None where there is no driver or it does not work."""
    try:
        cuda = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return None
    version, count = ctypes.c_int(), ctypes.c_int()
    if cuda.cuInit(0) or cuda.cuDriverGetVersion(ctypes.byref(version)) or cuda.cuDeviceGetCount(ctypes.byref(count)):
        return None
    gpus = tuple(_gpu(cuda, number) for number in range(count.value))
    return Driver(f"{version.value // 1000}.{version.value % 1000 // 10}", gpus)


def _gpu(cuda: ctypes.CDLL, number: int) -> Gpu:
    device, memory, name = ctypes.c_int(), ctypes.c_size_t(), ctypes.create_string_buffer(_NAME_LENGTH)
    cuda.cuDeviceGet(ctypes.byref(device), number)
    cuda.cuDeviceGetName(name, _NAME_LENGTH, device)
    cuda.cuDeviceTotalMem_v2(ctypes.byref(memory), device)
    return Gpu(name.value.decode(errors="replace"), memory.value)
