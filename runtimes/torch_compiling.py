"""A network that PyTorch's compiler turns into kernels of its own, once for every shape of its inputs."""

import os
import platform
from typing import Any

from pia_edge.errors import BackendError
from pia_edge.runtimes.compile_cache import CompileCache


class CompiledNetwork:
    """Calls a network through ``torch.compile``; the first call with new shapes compiles, which may take minutes.

    PyTorch keeps what it compiled in our folder for caches, unless ``TORCHINDUCTOR_CACHE_DIR`` names another.
    """

    def __init__(self, network: Any, name: str) -> None:
        import torch

        self._name = name
        key = {"runtime": f"torch {torch.__version__}", "machine": platform.machine()}
        # PyTorch's own choice is a folder in the system's shared one for temporary files.
        os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(CompileCache.open().growing(key)))
        # Without fullgraph what cannot be compiled would run eagerly and nobody would know. Shapes are fixed because
        # PyTorch 2.13 cannot compile 1×1 convolutions of any shape on a processor.
        self._run: Any = torch.compile(network, fullgraph=True, dynamic=False)

    def __call__(self, *inputs: Any) -> Any:
        """Run the network.

        Raises:
            BackendError: it could not be compiled.
        """
        import torch
        from torch._dynamo.exc import FailOnRecompileLimitHit, TorchDynamoException

        try:
            try:
                return self._run(*inputs)
            except FailOnRecompileLimitHit:
                # PyTorch keeps eight shapes per class of networks, those of sessions that are gone included.
                torch.compiler.reset()
                return self._run(*inputs)
        except TorchDynamoException as error:
            # The compiler's name stands on the first line, what happened to it on the second.
            reason = " ".join(str(error).split("\n")[:2]).strip().rstrip(".")
            raise BackendError(
                f"reference: PyTorch could not compile {self._name}: {reason}. It needs a working C++ compiler (g++, "
                "clang or MSVC), and Triton on CUDA. Install what is missing, or leave +compile out."
            ) from error
