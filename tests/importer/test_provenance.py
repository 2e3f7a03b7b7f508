"""What the manifest says of where the weights came from."""

import hashlib
from pathlib import Path

import pytest

from pia_edge.importer import ImportRequest, ScaledPath, import_bundle
from pia_edge.importer.licence import NOT_STATED, licence_of
from tests.standins.diffusers_base import write_folder
from tests.standins.ldm_base import MODELSPEC, LdmForm, write_single_file
from tests.standins.lora_files import write_kohya
from tests.standins.pia_files import write_pia_adapter
from tests.standins.sizes import SINGLE
from tests.standins.vocabulary import write_tokenizer


def test_every_file_with_hash_and_licence(tmp_path: Path) -> None:
    base = write_single_file(
        tmp_path / "base.safetensors", SINGLE, LdmForm(), metadata=MODELSPEC | {"modelspec.license": "OpenRAIL"}
    )
    vae = write_folder(tmp_path / "other", SINGLE) / "vae"
    adapter = write_pia_adapter(tmp_path / "adapter", SINGLE)
    (adapter / "README.md").write_text("---\ntags: [pia]\nlicense: apache-2.0\n---\n# PIA\nlicense: not this\n")
    lora = write_kohya(tmp_path / "ink.safetensors", SINGLE).path
    request = ImportRequest(
        base=base,
        vae=vae,
        pia=adapter,
        loras=(ScaledPath(lora, 0.5),),
        tokenizer=write_tokenizer(tmp_path / "tokenizer", SINGLE),
    )
    found = import_bundle(request, tmp_path / "out").manifest.sources
    assert [(source.part, source.origin, source.licence, source.scale) for source in found] == [
        ("text encoder, unet", "base.safetensors", "OpenRAIL", None),
        ("vae", "vae/diffusion_pytorch_model.safetensors", NOT_STATED, None),
        ("motion modules, condition module", "adapter/diffusion_pytorch_model.safetensors", "apache-2.0", None),
        ("lora", "ink.safetensors", NOT_STATED, 0.5),
    ]
    files = [base, vae / "diffusion_pytorch_model.safetensors", adapter / "diffusion_pytorch_model.safetensors", lora]
    assert [source.sha256 for source in found] == [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ("---\nlicense: 'mit'\n---\n", "mit"),
        ("---\nlicense: openrail++\nbase_model: x\n---\n", "openrail++"),
        ("# A model\nlicense: mit\n", NOT_STATED),
        ("---\nlicence unknown\n---\n", NOT_STATED),
        ("", NOT_STATED),
        ("---\nlicense: " + "x" * 5000 + "\n---\n", "x" * 200),
    ],
)
def test_licence_of_a_model_card(card: str, licence: str, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(card)
    assert licence_of(tmp_path, {}) == licence


def test_a_bundle_from_hugging_faces_cache_is_called_like_the_repository(tmp_path: Path) -> None:
    snapshot = tmp_path / "models--acme--pretty-model" / "snapshots" / "0123456789abcdef"
    write_folder(snapshot, SINGLE)
    request = ImportRequest(base=snapshot, pia=write_pia_adapter(tmp_path / "adapter", SINGLE))
    assert import_bundle(request, tmp_path / "out").manifest.name == "pretty-model"
