"""bfloat16 where the device computes in it, float32 where it would be emulated."""

import platform

import pytest
import torch

from pia_edge.training import mixed_precision as module
from pia_edge.training.mixed_precision import mixed_precision


@pytest.mark.parametrize(("computed", "expected"), [(True, torch.bfloat16), (False, torch.float32)])
def test_a_cpu_that_only_emulates_bfloat16_stays_in_float32(
    monkeypatch: pytest.MonkeyPatch, computed: bool, expected: torch.dtype
) -> None:
    monkeypatch.setattr(module, "computes_bfloat16", lambda: computed)
    with mixed_precision("cpu"):
        assert torch.nn.Linear(4, 4)(torch.ones(1, 4)).dtype == expected


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="AVX-512 is of x86")
def test_what_this_cpu_computes_is_what_its_instructions_say() -> None:
    wide = torch.backends.cpu.get_cpu_capability() == "AVX512"
    assert module.computes_bfloat16() == wide
