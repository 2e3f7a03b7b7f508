"""What an OpenVINO IR may contain: models that OpenVINO saved pass, and nothing that OpenVINO would not write."""

import random
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pia_edge.bundle import Bundle, ir_check, write_manifest
from pia_edge.bundle.ir_check import check_ir
from pia_edge.bundle.ir_operators import OPERATORS, OPSETS
from pia_edge.bundle.manifest import Artifact, Format, Manifest
from pia_edge.errors import BundleError
from pia_edge.modules import Module
from tests.bundle import irs

# The numbers of values tell the constants apart: outside any body, in an If, in a Loop.
PLACES = {"outside": 5, "in an If": 7, "in a Loop": 9}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return irs.save(irs.with_bodies(), tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="module")
def valid(real: Path) -> str:
    return real.read_text(encoding="utf-8")


@pytest.fixture
def check(real: Path, tmp_path: Path) -> Callable[[str | bytes], None]:
    """Check a text beside the weights of the real model."""

    def check(content: str | bytes) -> None:
        file = tmp_path / "unet.xml"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        check_ir(file, weights=real.with_suffix(".bin").stat().st_size)

    return check


def refuses(check: Callable[[str | bytes], None], content: str | bytes, reason: str) -> None:
    with pytest.raises(BundleError, match=reason) as caught:
        check(content)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 600


def changed(text: str, old: str, new: str) -> str:
    """``text`` with the first place that the pattern ``old`` matches replaced."""
    result, count = re.subn(old, lambda _: new, text, count=1)
    assert count == 1
    return result


@pytest.mark.parametrize("half", [False, True], ids=["as built", "half precision"])
@pytest.mark.parametrize("name", irs.MODELS)
def test_what_openvino_saves_passes(name: str, half: bool, tmp_path: Path) -> None:
    file = irs.save(irs.MODELS[name](), tmp_path, half=half)
    check_ir(file, weights=file.with_suffix(".bin").stat().st_size)
    again = irs.save(irs.openvino().Core().read_model(file), tmp_path / "again")
    check_ir(again, weights=again.with_suffix(".bin").stat().st_size)


def test_models_of_torch_hold_what_they_should(tmp_path: Path) -> None:
    text = irs.save(irs.from_torch(), tmp_path).read_text()
    for operator in ("ScaledDotProductAttention", "GroupNormalization", "Interpolate", "Gather", "SoftMax", "MVN"):
        assert f'type="{operator}"' in text
    text = irs.save(irs.with_compressed_weights(), tmp_path).read_text()
    assert {"u8", "u4", "i8"} <= set(re.findall(r'element_type="(\w+)"', text))


KINDS = "u1 u2 u3 u4 u6 u8 u16 u32 u64 i4 i8 i16 i32 i64 f16 bf16 f32 f64 nf4 f4e2m1 f8e4m3 f8e5m2 f8e8m0 boolean"


@pytest.mark.parametrize("kind", KINDS.split())
def test_constants_of_every_type_have_the_size_that_openvino_gives_them(kind: str, tmp_path: Path) -> None:
    for count in (0, 1, 5, 13):
        file = irs.save(irs.model([irs.opset().result(irs.constant(kind, count))], []), tmp_path)
        size = file.with_suffix(".bin").stat().st_size
        check_ir(file, weights=size)
        with pytest.raises(BundleError, match="of weights"):
            check_ir(file, weights=size - 1)


def test_constants_of_text_are_refused(tmp_path: Path) -> None:
    file = irs.save(irs.model([irs.opset().result(irs.constant("string", 3))], []), tmp_path)
    with pytest.raises(BundleError, match="a constant of type 'string'"):
        check_ir(file, weights=1000)


def test_operators_are_those_of_the_installed_openvino() -> None:
    folder = Path(irs.openvino().__file__).parent / "include/openvino/opsets"
    if not folder.is_dir():
        pytest.skip("this OpenVINO comes without its headers")
    tables = [(folder / f"opset{number}_tbl.hpp").read_text() for number in range(1, 17)]
    found = {name for table in tables for name in re.findall(r"^_OPENVINO_OP_REG\((\w+),", table, re.MULTILINE)}
    written = {"Constant": "Const", "PRelu": "PReLU", "Relu": "ReLU", "Softmax": "SoftMax"}
    left_out = {"Assign", "ReadValue", "StringTensorPack", "StringTensorUnpack"}
    assert {written.get(name, name) for name in found} - left_out == OPERATORS
    assert len(OPSETS) == 16


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("value", ["0x10", "1e2", " 5", "5 ", "+5", "-8", "-0", "5.0", "", "five", "٥", "５", "9" * 19])
@pytest.mark.parametrize("key", ["offset", "size"])
def test_numbers_that_are_no_whole_numbers(key: str, value: str, place: str, valid: str, check: Any) -> None:
    constant = re.search(rf'<data [^>]*shape="{PLACES[place]}"[^>]*>', valid)
    assert constant
    refuses(check, valid.replace(constant[0], changed(constant[0], f'{key}="[^"]*"', f'{key}="{value}"')), f"for {key}")


DATA = 'element_type="f32" shape="{count}" offset="0" size="{size}"'
CONSTANTS = {
    "past the end": ('element_type="f32" shape="{count}" offset="99999999999" size="{size}"', "of weights"),
    "longer than the file": ('element_type="f32" shape="25000000000" offset="0" size="100000000000"', "of weights"),
    "longer than its shape": ('element_type="f32" shape="1" offset="0" size="8"', "of 8 bytes instead of 4"),
    "shorter than its shape": ('element_type="f32" shape="1000" offset="0" size="4"', "of 4 bytes instead of 4000"),
    "values in the text": (f'{DATA} value="x"', "described by"),
    "no size": ('element_type="f32" shape="{count}" offset="0"', "described by"),
    "nothing": ("", "described by"),
    "another file": (f'{DATA} location="/etc/passwd"', "described by"),
    "another path": (f'{DATA} path="other.bin"', "described by"),
    "negative lengths": ('element_type="f32" shape="-1,-1" offset="0" size="4"', "shape '-1,-1'"),
    "lengths that overflow": (
        'element_type="f32" shape="4294967296,4294967296" offset="0" size="0"',
        "of 0 bytes instead of",
    ),
    "no lengths": ('element_type="f32" shape="a" offset="0" size="4"', "shape 'a'"),
    "rank": (f'element_type="f32" shape="{",".join("1" * 65)}" offset="0" size="4"', "rank 65"),
    "unknown type": ('element_type="f31" shape="1" offset="0" size="4"', "type 'f31'"),
    "dynamic type": ('element_type="dynamic" shape="1" offset="0" size="0"', "type 'dynamic'"),
    "other spelling": ('element_type="FP32" shape="1" offset="0" size="4"', "type 'FP32'"),
    "one byte for some": ('element_type="f32" shape="{count}" offset="0" size="1"', "of 1 bytes instead of"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", CONSTANTS)
def test_constants_that_are_not_in_the_weights(name: str, place: str, valid: str, check: Any) -> None:
    data, reason = CONSTANTS[name]
    count = PLACES[place]
    hostile = f"<data {data.format(count=count, size=4 * count)} />"
    refuses(check, changed(valid, rf'<data [^>]*shape="{count}"[^>]*/>', hostile), reason)


@pytest.mark.parametrize("size", [0, 1, 10])
def test_weights_that_are_empty_or_cut_off(size: int, real: Path) -> None:
    with pytest.raises(BundleError, match=f"of {size} bytes of weights"):
        check_ir(real, weights=size)


OPERATIONS = [
    *[("Extension", "extension"), ("Add", "extension"), ("Add", "experimental"), ("Add", "opset17"), ("Add", "")],
    *[("Add", "OPSET1"), ("Add", "opset01"), ("Add", "ie_internal_opset"), ("Add", "evil.so"), ("", "opset1")],
    *[("Own", "opset1"), ("add", "opset1"), ("FrameworkNode", "opset1"), ("Constant", "opset1"), ("Softmax", "opset1")],
    *[("ReadValue", "opset6"), ("Assign", "opset6"), ("StringTensorUnpack", "opset15"), ("./evil.so", "opset1")],
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("operator", "opset"), OPERATIONS)
def test_operators_that_are_not_openvinos(operator: str, opset: str, place: str, valid: str, check: Any) -> None:
    start = valid.index(f'shape="{PLACES[place]}"')
    old = 'type="Add" version="opset1"'
    assert old in valid[start:]
    refuses(check, valid[:start] + valid[start:].replace(old, f'type="{operator}" version="{opset}"', 1), "unknown op")


LAYER = '<layer id="77" name="x" type="Const" version="opset1">'
BOMB = '<!DOCTYPE net [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
TEXTS: dict[str, tuple[Callable[[str], str | bytes], str]] = {
    "nothing": (lambda _: "", "begins with"),
    "no XML": (lambda _: "net", "begins with"),
    "cut off": (lambda text: text[: len(text) // 2], "line"),
    "cut off at the end": (lambda text: text.rstrip()[:-1], "line"),
    "text behind": (lambda text: text + "x", "line"),
    "two models": (lambda text: text + "<net/>", "line"),
    "document type": (lambda text: changed(text, "<net", "<!DOCTYPE net><net"), "document type"),
    "entity bomb": (lambda text: changed(text, "<net", f"{BOMB}]><net").replace("deep", "&i;"), "document type"),
    "external entity": (
        lambda text: changed(text, "<net", '<!DOCTYPE n [<!ENTITY x SYSTEM "file:///etc/passwd">]><net'),
        "document type",
    ),
    "entity": (lambda text: text.replace("deep", "&deep;"), "undefined entity"),
    "comment": (lambda text: changed(text, "<layers>", "<!-- --><layers>"), "a comment"),
    "CDATA": (lambda text: changed(text, "<dim>1<", "<dim><![CDATA[1]]><"), "CDATA"),
    "processing instruction": (lambda text: changed(text, "<layers>", "<?php evil ?><layers>"), "processing"),
    "instruction first": (lambda text: changed(text, r"^<\?xml", "<?xmlx"), "begins with"),
    "NUL": (lambda text: text.replace("deep", "de\0ep"), "line"),
    "NUL behind": (lambda text: text + "\0", "line"),
    "no UTF-8": (lambda text: text.encode().replace(b"deep", b"d\xffep"), "line"),
    "too long an encoding": (lambda text: text.encode().replace(b"deep", b"\xc0\xafep"), "line"),
    "UTF-16": (lambda text: text.encode("utf-16"), "begins with"),
    "UTF-16 without its mark": (lambda text: text.encode("utf-16-le"), "begins with"),
    "UTF-8 with a mark": (lambda text: text.encode("utf-8-sig"), "begins with"),
    "UTF-7": (
        lambda text: b'<?xml version="1.0" encoding="UTF-7"?>' + text.partition("?>")[2].encode("utf-7"),
        "'UTF-7' instead",
    ),
    "Latin 1": (lambda text: changed(text, r'"1\.0"\?', '"1.0" encoding="ISO-8859-1"?'), "'ISO-8859-1' instead"),
    "another XML": (lambda text: changed(text, r'"1\.0"\?', '"1.1"?'), "XML"),
    "IR version": (lambda text: changed(text, 'version="11"', 'version="10"'), "version '10'"),
    "no IR version": (lambda text: changed(text, ' version="11"', ""), "version ''"),
    "another root": (
        lambda text: text.replace("<net ", "<NET ", 1).replace("</net>", "</NET>"),
        "begins|element 'NET'",
    ),
    "no layers": (lambda _: '<net version="11" name="x"></net>', "without layers"),
    "attribute twice": (lambda text: changed(text, "<layer ", '<layer id="0" '), "duplicate attribute"),
    "data twice": (lambda text: changed(text, "<data ", '<data axis="0"/><data '), "'data' twice in layer"),
    "layers twice": (lambda text: changed(text, "<layers>", "<layers></layers><layers>"), "'layers' twice"),
    "edges twice": (lambda text: changed(text, "<edges>", "<edges></edges><edges>"), "'edges' twice"),
    "two layers of a number": (lambda text: changed(text, '<layer id="1"', '<layer id="0"'), "two layers of number 0"),
    "the same number spelled anew": (lambda text: changed(text, '<layer id="1"', '<layer id="00"'), "two layers"),
    "no layer number": (lambda text: changed(text, '<layer id="1"', "<layer"), "for id"),
    "edge to nowhere": (lambda text: changed(text, 'to-layer="[0-9]+"', 'to-layer="12345"'), "layer 12345"),
    "edge of no number": (lambda text: changed(text, 'from-layer="[0-9]+"', 'from-layer="x"'), "for from-layer"),
    "constant without data": (lambda text: changed(text, "<layers>", f"<layers>{LAYER}</layer>"), "without data"),
    "weights elsewhere": (
        lambda text: changed(text, '<data auto_broadcast="numpy"', '<data element_type="f32" offset="0" size="8"'),
        "weights in an operator of type Add",
    ),
    "weights of old IRs": (
        lambda text: changed(text, "<data ", '<blobs><weights offset="0" size="4"/></blobs><data '),
        "element 'blobs' in layer",
    ),
    "pre-processing": (
        lambda text: changed(text, "<layers>", '<pre-process><channel id="0"/></pre-process><layers>'),
        "element 'pre-process' in model",
    ),
    "an element OpenVINO lacks": (lambda text: changed(text, "<layers>", "<library/><layers>"), "element 'library'"),
    "path of weights": (
        lambda text: changed(text, "<note", '<__weights_path value="/etc/passwd"/><note'),
        "on where weights lie",
    ),
    "path of weights, named": (
        lambda text: changed(text, "<note", '<info name="__weights&#95;path" value="x"/><note'),
        "on where weights lie",
    ),
    "place of weights": (
        lambda text: changed(
            text, "</layer>", '<rt_info><attribute name="WeightlessCacheAttribute"/></rt_info></layer>'
        ),
        "on where weights lie",
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts_that_openvino_does_not_write(name: str, valid: str, check: Any) -> None:
    change, reason = TEXTS[name]
    refuses(check, change(valid), reason)


@pytest.mark.parametrize("where", ["<one>", "<layers>"])
def test_a_hundred_thousand_levels(where: str, valid: str, check: Any) -> None:
    start = time.perf_counter()
    deep = changed(valid, where, where + "<one>" * 100_000 + "</one>" * 100_000)
    refuses(check, deep, "nested more than 64 deep|the element 'one' in layers")
    bodies = '<layer id="1" type="If" version="opset8"><then_body><layers>'
    refuses(check, changed(valid, "<layers>", "<layers>" + bodies * 100_000), "nested more than 64 deep")
    assert time.perf_counter() - start < 5


def test_size_and_number_of_elements_are_bounded(valid: str, check: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ir_check, "_MOST_ELEMENTS", 50)
    refuses(check, valid, "more than 50 elements")
    monkeypatch.setattr(ir_check, "_LARGEST_XML", 1000)
    refuses(check, valid, "more than 64 MB")


def test_reading_the_most_that_is_allowed_takes_seconds(valid: str, check: Any) -> None:
    start = time.perf_counter()
    refuses(check, changed(valid, "<one>", "<one>" + "<a/>" * 3_000_000), "more than 2000000 elements")
    assert time.perf_counter() - start < 30


def test_any_flipped_byte_is_refused_or_harmless(valid: str, check: Any) -> None:
    source = random.Random(3)
    content = valid.encode()
    refused = 0
    for _ in range(300):
        flipped = bytearray(content)
        flipped[source.randrange(len(content))] ^= source.randrange(1, 256)
        try:
            check(bytes(flipped))
        except BundleError:
            refused += 1
    assert refused > 100


def bundle(folder: Path, real: Path, weights: tuple[str, ...], bin_name: str = "unet.bin") -> None:
    for name, content in {
        "unet.xml": real.read_bytes(),
        bin_name: real.with_suffix(".bin").read_bytes(),
        "vocab.json": b'{"a": 0}',
        "merges.txt": b"#version: 0.2\n",
    }.items():
        (folder / name).write_bytes(content)
    modules = {Module.UNET: Artifact(graph="unet.xml", weights=weights)}
    write_manifest(folder, Manifest(name="ir", format=Format.OPENVINO, norm_mode="pia", modules=modules, files={}))


def test_a_bundle_opens(tmp_path: Path, real: Path) -> None:
    bundle(tmp_path, real, ("unet.bin",))
    assert Bundle.open(tmp_path).graph(Module.UNET) == tmp_path / "unet.xml"


@pytest.mark.parametrize(("weights", "name"), [((), "unet.bin"), (("other.bin",), "other.bin"), ((), "UNET.bin")])
def test_weights_that_the_manifest_does_not_give_to_the_module(
    weights: tuple[str, ...], name: str, tmp_path: Path, real: Path
) -> None:
    bundle(tmp_path, real, weights, name)
    with pytest.raises(BundleError, match=r"expected unet\.bin among the weights of unet\.xml"):
        Bundle.open(tmp_path)


def test_a_hostile_graph_is_refused_though_its_hash_fits(tmp_path: Path, real: Path, valid: str) -> None:
    bundle(tmp_path, real, ("unet.bin",))
    (tmp_path / "unet.xml").write_text(valid.replace('"opset1"', '"extension"'), encoding="utf-8")
    hostile = Manifest(
        name="ir",
        format=Format.OPENVINO,
        norm_mode="pia",
        modules={Module.UNET: Artifact(graph="unet.xml", weights=("unet.bin",))},
        files={},
    )
    write_manifest(tmp_path, hostile)
    with pytest.raises(BundleError, match="unknown operator"):
        Bundle.open(tmp_path)
