"""Attention in ONNX as one operator that splits the heads by itself.

As products and a softmax, ONNX Runtime takes two to three times as long over 16 frames, and an eighth longer over 1,024
places.
"""

from typing import Any

import onnx_ir as ir
from onnxscript.rewriter import pattern

_SWAPPED = (0, 2, 1, 3)
_DEFAULTS = {"is_causal": 0, "qk_matmul_output_mode": 0, "softcap": 0.0}


class _WholeAttention(pattern.RewriteRuleClassBase):  # type: ignore[misc]  # onnxscript is untyped
    """(batch, tokens, channels) reshaped to heads, swapped, attended, swapped and reshaped again: all in Attention."""

    def pattern(self, op: Any, query: Any, key: Any, value: Any, q: Any, k: Any, v: Any, joined: Any) -> Any:
        heads = [
            op.Transpose(op.Reshape(tokens, shape, _allow_other_attributes=True), perm=_SWAPPED)
            for tokens, shape in ((query, q), (key, k), (value, v))
        ]
        mixed = op.Attention(*heads, _allow_other_attributes=True, _outputs=["mixed"])
        return op.Reshape(op.Transpose(mixed, perm=_SWAPPED), joined, _allow_other_attributes=True)

    def check(self, context: Any, mixed: ir.Value, **matched: ir.Value) -> Any:
        del context
        result = pattern.MatchResult()
        if any(value.shape is None or len(value.shape) != 3 for value in (matched["query"], matched["key"])):
            return result.fail("heads are split from something else than tokens")
        if _heads(mixed) is None:
            return result.fail("the number of heads is not known")
        node = mixed.producer()
        if node is None or any(_DEFAULTS.get(name) != each.value for name, each in node.attributes.items()):
            return result.fail("attention is of another kind")
        return result

    def rewrite(
        self, op: Any, query: ir.Value, key: ir.Value, value: ir.Value, mixed: ir.Value, **_matched: ir.Value
    ) -> Any:
        heads = _heads(mixed)
        return op.Attention(query, key, value, q_num_heads=heads, kv_num_heads=heads)


def _heads(mixed: ir.Value) -> int | None:
    """The heads of (batch, heads, tokens, channels of a head)."""
    heads = mixed.shape[1] if mixed.shape is not None else None
    return heads if isinstance(heads, int) else None


whole_attention_rule = _WholeAttention.rule()
