"""The MIL operations that a package may hold: they compute on tensors, and the evaluator of exports knows them."""

_NAMES = """
add batch_norm cast clip concat const constexpr_blockwise_shift_scale constexpr_cast
constexpr_lut_to_dense conv dequantize einsum exp expand_dims fill_like gather gelu greater_equal layer_norm
linear matmul mul pad quantize real_div reduce_mean relu reshape rsqrt scaled_dot_product_attention select sigmoid
silu slice_by_index softmax split sqrt square squeeze sub tanh tile transpose upsample_nearest_neighbor
"""
OPERATORS = frozenset(_NAMES.split())
