"""The operators that an OpenVINO IR of a bundle may use, under the names that OpenVINO writes into the file.

They are those of OpenVINO's opsets 1 to 16 but for Assign and ReadValue, which carry values from one run to the next,
and StringTensorPack and StringTensorUnpack, since no module reads or writes text. Operators of plugins and extensions
are not among them.
"""

_NAMES = """
Abs Acos Acosh AdaptiveAvgPool AdaptiveMaxPool Add Asin Asinh Atan Atanh AvgPool BatchNormInference BatchToSpace
BinaryConvolution BitwiseAnd BitwiseLeftShift BitwiseNot BitwiseOr BitwiseRightShift BitwiseXor Broadcast Bucketize
CTCGreedyDecoder CTCGreedyDecoderSeqLen CTCLoss Ceiling Clamp Col2Im Concat Const Convert ConvertLike
ConvertPromoteTypes Convolution ConvolutionBackpropData Cos Cosh CumSum DFT DeformableConvolution
DeformablePSROIPooling DepthToSpace DetectionOutput Divide Einsum Elu EmbeddingBagOffsets EmbeddingBagOffsetsSum
EmbeddingBagPacked EmbeddingBagPackedSum EmbeddingSegmentsSum Equal Erf Exp ExperimentalDetectronDetectionOutput
ExperimentalDetectronGenerateProposalsSingleImage ExperimentalDetectronPriorGridGenerator
ExperimentalDetectronROIFeatureExtractor ExperimentalDetectronTopKROIs ExtractImagePatches Eye FakeConvert
FakeQuantize Floor FloorMod GRN GRUCell GRUSequence Gather GatherElements GatherND GatherTree Gelu GenerateProposals
Greater GreaterEqual GridSample GroupConvolution GroupConvolutionBackpropData GroupNormalization HSigmoid HSwish
HardSigmoid I420toBGR I420toRGB IDFT IRDFT ISTFT Identity If Interpolate Inverse IsFinite IsInf IsNaN LRN LSTMCell
LSTMSequence Less LessEqual Log LogSoftmax LogicalAnd LogicalNot LogicalOr LogicalXor Loop MVN MatMul MatrixNms
MaxPool Maximum Minimum Mish Mod MulticlassNms Multinomial Multiply NMSRotated NV12toBGR NV12toRGB Negative
NonMaxSuppression NonZero NormalizeL2 NotEqual OneHot PReLU PSROIPooling Pad Parameter Power PriorBox
PriorBoxClustered Proposal RDFT RNNCell RNNSequence ROIAlign ROIAlignRotated ROIPooling RandomUniform Range ReLU
ReduceL1 ReduceL2 ReduceLogicalAnd ReduceLogicalOr ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum RegionYolo
ReorgYolo Reshape Result Reverse ReverseSequence Roll Round STFT ScaledDotProductAttention ScatterElementsUpdate
ScatterNDUpdate ScatterUpdate SearchSorted SegmentMax Select Selu ShapeOf ShuffleChannels Sigmoid Sign Sin Sinh Slice
SliceScatter SoftMax SoftPlus SoftSign SpaceToBatch SpaceToDepth SparseFillEmptyRows Split Sqrt SquaredDifference
Squeeze StridedSlice Subtract Swish Tan Tanh TensorIterator Tile TopK Transpose Unique Unsqueeze VariadicSplit Xor
"""
OPERATORS = frozenset(_NAMES.split())
OPSETS = frozenset(f"opset{number}" for number in range(1, 17))
