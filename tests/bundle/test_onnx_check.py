"""What an ONNX graph may contain: every model here is built by the `onnx` package and must be judged by its bytes."""

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pia_edge._privacy import silence_runtimes
from pia_edge.bundle import onnx_check, wire_format
from pia_edge.bundle.onnx_check import check_onnx
from pia_edge.errors import BundleError

onnx = pytest.importorskip("onnx")
helper = onnx.helper

WEIGHTS = {"weights.onnx_data": 4096}
FLOAT = 1


def external_tensor(**entries: str) -> Any:
    """A tensor of four float32 outside the graph, described by ``entries``."""
    tensor = onnx.TensorProto(name="outside", data_type=FLOAT, dims=[4])
    tensor.data_location = onnx.TensorProto.EXTERNAL
    for key, value in {"location": "weights.onnx_data", **entries}.items():
        tensor.external_data.add(key=key, value=value)
    return tensor


def node(operator: str = "Relu", domain: str = "", **attributes: Any) -> Any:
    return helper.make_node(operator, ["x"], ["y"], domain=domain, **attributes)


def graph(*nodes: Any, initializers: tuple[Any, ...] = ()) -> Any:
    border = [helper.make_tensor_value_info(name, FLOAT, ["batch", 4]) for name in ("x", "y")]
    return helper.make_graph(list(nodes) or [node()], "graph", border[:1], border[1:], list(initializers))


def model(*nodes: Any, initializers: tuple[Any, ...] = (), **fields: Any) -> Any:
    return helper.make_model(graph(*nodes, initializers=initializers), **fields)


def small_model() -> Any:
    """A valid model with everything that the check reads: initializers of both places, an If, quantization."""
    inside = onnx.numpy_helper.from_array(onnx.numpy_helper.np.arange(6, dtype="int64").reshape(2, 3), "inside")
    branches = {name: graph(node("Abs"), initializers=(inside,)) for name in ("then_branch", "else_branch")}
    nodes = [
        node(),
        node("If", **branches),
        node("MatMulNBits", "com.microsoft", K=8, N=8),
        node("Constant", value=inside),
    ]
    return model(*nodes, initializers=(inside, external_tensor(offset="64", length="16")), producer_name="test")


def check(content: bytes, folder: Path, external: dict[str, int] | None = None) -> None:
    file = folder / "graph.onnx"
    file.write_bytes(content)
    check_onnx(file, external=WEIGHTS if external is None else external)


def nested(depth: int) -> Any:
    inner = graph()
    for _ in range(depth):
        inner = graph(node("If", then_branch=inner))
    return helper.make_model(inner)


def with_function() -> Any:
    function = helper.make_function("", "Own", ["x"], ["y"], [node()], [helper.make_opsetid("", 20)])
    return model(functions=[function])


def with_entry(key: str) -> Any:
    built = model()
    built.metadata_props.add(key=key, value="{}")
    return built


def with_training() -> Any:
    built = model()
    built.training_info.add()
    return built


def sparse(**entries: str) -> Any:
    values, indices = external_tensor(**entries), external_tensor()
    return onnx.SparseTensorProto(values=values, indices=indices, dims=[9])


def with_sparse_initializer() -> Any:
    built = model()
    built.graph.sparse_initializer.append(sparse(location="../weights.onnx_data"))
    return built


def with_tensor(**changes: Any) -> Any:
    tensor = onnx.TensorProto(name="odd", data_type=FLOAT, dims=[4], raw_data=bytes(16))
    for name, value in changes.items():
        if isinstance(value, list):
            del getattr(tensor, name)[:]
            getattr(tensor, name).extend(value)
        else:
            setattr(tensor, name, value)
    return model(initializers=(tensor,))


def both_inside_and_outside() -> Any:
    tensor = external_tensor()
    tensor.raw_data = bytes(16)
    return model(initializers=(tensor,))


def outside_but_not_said() -> Any:
    tensor = external_tensor()
    tensor.ClearField("data_location")
    return model(initializers=(tensor,))


def without_location() -> Any:
    tensor = external_tensor()
    del tensor.external_data[:]
    return model(initializers=(tensor,))


def repeated_location() -> Any:
    tensor = external_tensor()
    tensor.external_data.add(key="location", value="/etc/passwd")
    return model(initializers=(tensor,))


LOCATIONS = [
    "/etc/passwd",
    "../weights.onnx_data",
    "./weights.onnx_data",
    "folder/weights.onnx_data",
    "folder/../weights.onnx_data",
    "..\\weights.onnx_data",
    "C:weights.onnx_data",
    "C:\\weights.onnx_data",
    "\\\\server\\share\\weights.onnx_data",
    "weights.onnx_data:stream",
    "weights.onnx_data\0.txt",
    "weights.onnx_data ",
    "weights.onnx_data.",
    "WEIGHTS.onnx_data",
    "unlisted.onnx_data",
    "*/_ORT_MEM_ADDR_/*",
    "weights.onnx_dat\u0430",
    "..",
    ".",
    "",
    "NUL",
    "w" * 5000,
]
OUTSIDE: list[dict[str, str]] = [
    {"offset": "-1"},
    {"offset": "4081"},
    {"offset": "4096"},
    {"offset": "9" * 19},
    {"offset": "9" * 5000},
    {"offset": "1e3"},
    {"offset": " 64"},
    {"offset": "0x10"},
    {"offset": "٣"},
    {"offset": ""},
    {"length": "-16"},
    {"length": "0"},
    {"length": "15"},
    {"length": "17"},
    {"length": "4096"},
    {"basepath": "/"},
    {"__class__": "x"},
]
HOSTILE: dict[str, tuple[Callable[[], Any], str]] = {
    "operator of a foreign domain": (lambda: model(node("Relu", "evil.example")), "evil.example"),
    "standard operator of a foreign domain": (lambda: model(node("Relu", "ai.onnx.ml")), "ai.onnx.ml"),
    "look-alike domain": (lambda: model(node("Relu", "ai.onnx\0")), "unknown operator"),
    "cyrillic domain": (lambda: model(node("Relu", "\u0430i.onnx")), "unknown operator"),
    "EPContext": (lambda: model(node("EPContext", "com.microsoft", ep_cache_context="../x")), "EPContext"),
    "PyOp": (lambda: model(node("PyOp", "pyopmulti_1", module="os", class_name="system")), "PyOp"),
    "PyOp of Microsoft": (lambda: model(node("PyOp", "com.microsoft", module="os")), "PyOp"),
    "no operator": (lambda: model(node("")), "unknown operator"),
    "custom in If": (lambda: model(node("If", then_branch=graph(node("Own", "own")))), "Own"),
    "custom in Loop in If": (
        lambda: model(node("If", then_branch=graph(node("Loop", body=graph(node("Own", "own")))))),
        "Own",
    ),
    "custom in a list of graphs": (lambda: model(node("Case", branches=[graph(), graph(node("Own", "own"))])), "Own"),
    "function": (with_function, "function"),
    "training": (with_training, "training"),
    "settings for the runtime": (lambda: with_entry("ort_config"), "ort_config"),
    "nested 17 deep": (lambda: nested(16), "nested"),
    "location in Constant": (
        lambda: model(node("Constant", value=external_tensor(location="/etc/passwd"))),
        "/etc/passwd",
    ),
    "location in a list of tensors": (
        lambda: model(node("Own", tensors=[external_tensor(), external_tensor(location="../x")])),
        r"\.\./x",
    ),
    "location in a sub-graph": (
        lambda: model(node("If", then_branch=graph(initializers=(external_tensor(location="../x"),)))),
        r"\.\./x",
    ),
    "location in a sparse initializer": (with_sparse_initializer, r"\.\./weights"),
    "location in a sparse attribute": (
        lambda: model(node("Constant", sparse_value=sparse(location="/x"))),
        "/x",
    ),
    "inside and outside": (both_inside_and_outside, "neither wholly"),
    "outside but not said": (outside_but_not_said, "neither wholly"),
    "no location": (without_location, "neither wholly"),
    "two locations": (repeated_location, "keys"),
    "too few bytes": (lambda: with_tensor(raw_data=bytes(15)), "15 bytes instead of 16"),
    "too many bytes": (lambda: with_tensor(raw_data=bytes(17)), "17 bytes instead of 16"),
    "negative length": (lambda: with_tensor(dims=[-1, -4]), "cannot be"),
    "overflowing shape": (lambda: with_tensor(dims=[2**62, 2**62]), "instead of"),
    "rank 65": (lambda: with_tensor(dims=[1] * 65), "cannot be"),
    "raw strings": (lambda: with_tensor(data_type=8), "cannot be"),
    "unknown data type": (lambda: with_tensor(data_type=99), "cannot be"),
}


def test_valid_models_pass(tmp_path: Path) -> None:
    check(small_model().SerializeToString(), tmp_path)
    check(nested(15).SerializeToString(), tmp_path)
    check(model(initializers=(external_tensor(offset="4080"),)).SerializeToString(), tmp_path)
    check(model(node("Relu", "ai.onnx")).SerializeToString(), tmp_path)


def test_models_that_onnx_ships_pass() -> None:
    paths = sorted(Path(onnx.__file__).parent.rglob("test_[a-f]*/model.onnx"))
    light = sorted(Path(onnx.__file__).parent.rglob("light_*.onnx"))
    if not light:
        pytest.skip("this build of onnx ships no models")
    for path in [*light, *paths]:
        if "training" not in path.parent.name:
            check_onnx(path, external={})


@pytest.mark.parametrize("location", LOCATIONS)
def test_location_outside_the_listed_files_is_refused(location: str, tmp_path: Path) -> None:
    hostile = model(initializers=(external_tensor(location=location),))
    with pytest.raises(BundleError, match="not a weight file of this module"):
        check(hostile.SerializeToString(), tmp_path)


def test_location_is_refused_even_if_the_caller_lists_it(tmp_path: Path) -> None:
    hostile = model(initializers=(external_tensor(location="../weights"),))
    with pytest.raises(BundleError, match="not a weight file of this module"):
        check(hostile.SerializeToString(), tmp_path, {"../weights": 4096})


@pytest.mark.parametrize("entries", OUTSIDE, ids=str)
def test_external_data_that_does_not_fit_is_refused(entries: dict[str, str], tmp_path: Path) -> None:
    tensor = external_tensor()
    for key, value in entries.items():
        tensor.external_data.add(key=key, value=value)
    with pytest.raises(BundleError, match="the tensor 'outside'"):
        check(model(initializers=(tensor,)).SerializeToString(), tmp_path)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_model_is_refused(name: str, tmp_path: Path) -> None:
    build, message = HOSTILE[name]
    with pytest.raises(BundleError, match=message):
        check(build().SerializeToString(), tmp_path)


GRAPH_FIELD = b"\x3a\x00"
"""An empty graph."""
# A graph with one tensor, its 2000 lengths packed, its raw data empty.
MANY_LENGTHS = b"\x3a\xda\x0f\x2a\xd7\x0f\x0a\xd0\x0f" + b"\x01" * 2000 + b"\x10\x01\x4a\x00"
MALFORMED = {
    "empty": b"",
    "text": b"# not a model",
    "pickle": b"\x80\x04\x95\x0b\x00",
    "zip": b"PK\x03\x04" + bytes(40),
    "no graph": b"\x08\x0a",
    "field 0": GRAPH_FIELD + b"\x00\x00",
    "unknown field": GRAPH_FIELD + b"\x9a\x06\x00",
    "graph as a number": b"\x38\x00",
    "graph as a group": b"\x3b\x3c",
    "two graphs": GRAPH_FIELD * 2,
    "two versions": b"\x08\x0a\x08\x0a" + GRAPH_FIELD,
    "endless integer": GRAPH_FIELD + b"\x08" + b"\xff" * 40,
    "integer of 65 bits": GRAPH_FIELD + b"\x08" + b"\xff" * 9 + b"\x02",
    "endless field number": GRAPH_FIELD + b"\xff" * 40,
    "integer cut off": GRAPH_FIELD + b"\x08\x80",
    "length cut off": GRAPH_FIELD + b"\x12\x80",
    "text cut off": GRAPH_FIELD + b"\x12\x05four",
    "text of 2**63 bytes": GRAPH_FIELD + b"\x12" + b"\x80" * 9 + b"\x01",
    "part reaching out of the whole": b"\x3a\x02\x0a\x09" + bytes(9),
    "ONNX Runtime's own format": b"\x12\x06\x00\x00ORTM" + GRAPH_FIELD,
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_file_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="expected an ONNX graph"):
        check(MALFORMED[name], tmp_path)


def test_lengths_of_a_tensor_are_bounded(tmp_path: Path) -> None:
    assert len(onnx.ModelProto.FromString(MANY_LENGTHS).graph.initializer[0].dims) == 2000
    with pytest.raises(BundleError, match="integers in one field"):
        check(MANY_LENGTHS, tmp_path)


def test_large_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_check, "_LARGEST_GRAPH", 100)
    with pytest.raises(BundleError, match="more than 128 MB"):
        check(small_model().SerializeToString(), tmp_path)


def test_number_of_fields_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_format, "_MOST_FIELDS", 1000)
    check(model(*[node()] * 20).SerializeToString(), tmp_path)
    with pytest.raises(BundleError, match="more than 1000 fields"):
        check(model(*[node()] * 1000).SerializeToString(), tmp_path)


def test_every_truncation_inside_the_graph_is_refused(tmp_path: Path) -> None:
    content = small_model().SerializeToString()
    opsets = content.rindex(b"\x42")
    passed = []
    for size in range(len(content)):
        try:
            check(content[:size], tmp_path)
        except BundleError:
            continue
        passed.append(size)
    assert set(passed) <= {opsets}


def test_flipped_bits_pass_or_are_refused(tmp_path: Path) -> None:
    content = small_model().SerializeToString()
    source = random.Random(20231213)
    refused = 0
    for _ in range(300):
        flipped = bytearray(content)
        for _ in range(source.choice((1, 1, 1, 4))):
            flipped[source.randrange(len(content))] ^= 1 << source.randrange(8)
        started = time.perf_counter()
        try:
            check(bytes(flipped), tmp_path)
        except BundleError:
            refused += 1
        assert time.perf_counter() - started < 1
    assert refused > 100


def test_random_bytes_are_refused(tmp_path: Path) -> None:
    source = random.Random(7)
    for _ in range(200):
        with pytest.raises(BundleError):
            check(source.randbytes(source.randrange(1, 400)), tmp_path)


def test_large_graph_passes_quickly(tmp_path: Path) -> None:
    nodes = [node("Conv", kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[1, 1], group=1) for _ in range(3000)]
    weights = tuple(external_tensor(offset=str(64 * index), length="16") for index in range(60))
    content = model(*nodes, initializers=weights).SerializeToString()
    started = time.perf_counter()
    check(content, tmp_path)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("ModelProto", onnx_check.MODEL),
        ("GraphProto", onnx_check.GRAPH),
        ("NodeProto", onnx_check.NODE),
        ("AttributeProto", onnx_check.ATTRIBUTE),
        ("TensorProto", onnx_check.TENSOR),
        ("SparseTensorProto", onnx_check.SPARSE_TENSOR),
        ("StringStringEntryProto", onnx_check.ENTRY),
    ],
)
def test_fields_are_those_of_onnx(message: str, fields: wire_format.Fields) -> None:
    theirs = {field.number: field for field in getattr(onnx, message).DESCRIPTOR.fields}
    # protobuf's numbers of types: double, float, int64, uint64, int32, string, message, bytes, enum.
    wires = {1: 1, 2: 5, 3: 0, 4: 0, 5: 0, 9: 2, 11: 2, 12: 2, 14: 0}
    for number, kind in fields.items():
        expected = {wires[theirs[number].type]}
        if theirs[number].is_repeated:
            expected.add(2)
        assert (set(kind.wires), kind.repeated) == (expected, theirs[number].is_repeated), theirs[number].name


def test_messages_that_hold_tensors_or_graphs_are_all_walked() -> None:
    holders = {"AttributeProto": onnx_check.ATTRIBUTE, "GraphProto": onnx_check.GRAPH, "NodeProto": onnx_check.NODE}
    walked = {
        "AttributeProto": {5, 6, 10, 11, 22, 23},
        "GraphProto": {1, 5, 15},
        "NodeProto": {5},
    }
    inner = {"TensorProto", "GraphProto", "NodeProto", "AttributeProto", "SparseTensorProto", "FunctionProto"}
    for message, fields in holders.items():
        theirs = getattr(onnx, message).DESCRIPTOR.fields
        holding = {field.number for field in theirs if field.message_type and field.message_type.name in inner}
        assert holding & fields.keys() == walked[message]


def test_bits_are_those_of_onnx() -> None:
    for name, number in onnx.TensorProto.DataType.items():
        if number in onnx_check._BITS:
            array = helper.tensor_dtype_to_np_dtype(number)
            narrow = {"UINT4": 4, "INT4": 4, "FLOAT4E2M1": 4, "UINT2": 2, "INT2": 2}
            assert onnx_check._BITS[number] == narrow.get(name, array.itemsize * 8), name


def test_microsoft_operators_exist() -> None:
    pytest.importorskip("onnxruntime")
    silence_runtimes()
    from onnxruntime.capi import onnxruntime_pybind11_state as runtime

    schemas = {schema.name for schema in runtime.get_all_operator_schema() if schema.domain == "com.microsoft"}
    assert schemas >= onnx_check.MICROSOFT_OPERATORS
    assert "EPContext" in schemas - onnx_check.MICROSOFT_OPERATORS
