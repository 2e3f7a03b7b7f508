"""A traced ONNX graph without what tracing leaves behind."""

from typing import Any

import onnx_ir as ir
from onnx_ir.passes import common
from onnxscript import optimizer, rewriter
from onnxscript.rewriter.rules import common as rules

from pia_edge.export.onnx_attention import whole_attention_rule

_ROUNDS = 2
# Of the rules that onnxscript applies by default, those that match something in our networks. Its rule for pairs of
# slices, which matches nothing, looks through the whole graph for every node.
_RULES = (
    rules.collapse_slice2_rule,
    rules.div_by_1_rule,
    rules.fuse_pad_into_conv_rule,
    rules.materialize_reshape_shape_rule,
    rules.mul_by_1_rule,
    rules.no_op_transpose_rule,
    rules.squeeze_reshape_1d_rule,
    rules.transpose_transpose_rule,
    rules.unsqueeze_unsqueeze_rule,
    whole_attention_rule,
)


def simplify(model: ir.Model) -> None:
    """Fold constants, and remove what does nothing, in place.

    Weights keep their names and layout, so that they can be sorted into files and recognised later.
    """
    common.InlinePass()(model)
    for _ in range(_ROUNDS):
        optimizer.fold_constants_ir(model, onnx_shape_inference=True, should_fold=_folds)
        rewriter.rewrite(model, rewriter.RewriteRuleSet(_RULES, commute=True))
    for tidy in (
        common.RemoveUnusedNodesPass(),
        common.LiftConstantsToInitializersPass(lift_all_constants=True, size_limit=0),
        common.DeduplicateInitializersPass(),
        common.CommonSubexpressionEliminationPass(),
        common.OutputFixPass(),
        common.NameFixPass(),
    ):
        tidy(model)


def _folds(node: Any) -> bool | None:
    reads_weight = any(value is not None and value.is_initializer() for value in node.inputs)
    return False if reads_weight else None
