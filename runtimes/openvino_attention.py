"""Attention over few frames, several places at a time, and right where there are as many queries as heads.

OpenVINO 2026.4 makes one operation of attention and of swapping axes around it. Where there are as many queries as
heads, what goes in and what comes out have equal shapes, and it writes the result of one head over queries that the
next is to read: 8 frames of PIA, which has 8 heads, come out wrong without a word. And for each place of the picture
and each head it multiplies matrices as small as the clip is short, so that calls take longer than work.
"""

from typing import Any

import numpy as np

from pia_edge.runtimes.openvino_graph import is_a, sources, taken

_MOST_TOGETHER = 32
"""Tokens that attend together: a mask keeps places apart, so that what is computed in vain grows with them."""
_NEVER = np.float32(-1e30)
_SWAP = (0, 2, 1, 3)
"""From (batch, tokens, heads, size) to (batch, heads, tokens, size), and back."""


def regroup_attention(model: Any) -> None:
    """Rewrite the attention of ``model``, whose shapes are known; the results are the same."""
    for node in model.get_ordered_ops():
        if is_a(node, "Softmax") and len(node.get_output_shape(0)) == 4:
            _as_one(node)
    for node in model.get_ordered_ops():
        if is_a(node, "ScaledDotProductAttention"):
            attended = _attend_together(node, places) if (places := _places(node)) > 1 else node
            _, heads, queries, _ = attended.get_output_shape(0)
            if heads == queries:
                _flatten(attended)


def _as_one(softmax: Any) -> None:
    """Make one operation of a softmax between two products, as older ONNX files have it."""
    from openvino import opset15 as ops

    readers = [port.get_node() for port in softmax.output(0).get_target_inputs()]
    (scores,) = sources(softmax)
    if not (is_a(scores, "MatMul") and len(readers) == 1 and is_a(readers[0], "MatMul")):
        return
    order, (query, key), value = scores.get_attributes(), taken(scores), taken(readers[0])[1]
    if order["transpose_a"] or any(readers[0].get_attributes().values()):
        return
    if not order["transpose_b"]:
        key = ops.transpose(key, ops.constant(np.array([0, 1, 3, 2])))
    nothing, one = ops.constant(np.float32(0)), ops.constant(np.float32(1))
    attended = ops.scaled_dot_product_attention(query, key, value, nothing, one)
    attended.set_friendly_name(readers[0].get_friendly_name())
    readers[0].output(0).replace(attended.output(0))


def _places(node: Any) -> int:
    """Return how many places of the picture may attend together; 1 where frames do not attend to each other."""
    query, key, value = taken(node)[:3]
    readers = [port.get_node() for port in node.output(0).get_target_inputs()]
    swapped = [*sources(node)[:3], *readers]
    is_plain = len(readers) == 1 and all(_swaps(each) for each in swapped) and not _has_mask(node)
    if not is_plain or not query.get_shape() == key.get_shape() == value.get_shape():
        return 1
    batch, _, frames, _ = query.get_shape()
    return max(places for places in range(1, max(_MOST_TOGETHER // frames, 1) + 1) if batch % places == 0)


def _swaps(node: Any) -> bool:
    return is_a(node, "Transpose") and tuple(sources(node)[1].get_data()) == _SWAP


def _has_mask(node: Any) -> bool:
    return bool(node.get_attributes()["causal"] or (node.get_input_size() > 3 and list(node.get_input_shape(3))))


def _attend_together(node: Any, places: int) -> Any:
    from openvino import opset15 as ops

    batch, heads, frames, size = node.get_output_shape(0)
    tokens = places * frames
    order = ops.constant(np.array(_SWAP))
    together = ops.constant(np.array([batch // places, tokens, heads, size]))
    inputs = [ops.transpose(ops.reshape(taken(each)[0], together, False), order) for each in sources(node)[:3]]
    mask = np.full((places, frames, places, frames), _NEVER, np.float32)
    for place in range(places):
        mask[place, :, place, :] = 0
    attended = ops.scaled_dot_product_attention(
        *inputs, ops.constant(mask.reshape(1, 1, tokens, tokens)), *taken(node)[4:]
    )
    attended.set_friendly_name(node.get_friendly_name())
    apart = ops.constant(np.array([batch, frames, heads, size]))
    (reader,) = node.output(0).get_target_inputs()
    reader.get_node().output(0).replace(ops.reshape(ops.transpose(attended, order), apart, False).output(0))
    return attended


def _flatten(node: Any) -> None:
    """Make one axis of batch and heads."""
    from openvino import opset15 as ops

    batch, heads, queries, size = node.get_output_shape(0)
    flat = [
        ops.reshape(each, ops.constant(np.array([batch * heads, *each.get_shape()[2:]])), False)
        for each in taken(node)[:3]
    ]
    attended = ops.scaled_dot_product_attention(*flat, *taken(node)[3:])
    attended.set_friendly_name(node.get_friendly_name())
    shape = ops.constant(np.array([batch, heads, queries, size]))
    node.output(0).replace(ops.reshape(attended, shape, False).output(0))
