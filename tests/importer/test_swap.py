"""Changing a bundle: only what is named is made anew, and what stays is kept once on disk."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from pia_edge import AnimationPipeline
from pia_edge.bundle import Bundle
from pia_edge.bundle.store import Store
from pia_edge.errors import ModelError, RequestError
from pia_edge.importer import ConvIn, ImportRequest, NamedPath, NormMode, Precision, ScaledPath, import_bundle
from tests.standins.diffusers_base import write_folder
from tests.standins.embedding_files import write_embedding
from tests.standins.ldm_base import LdmForm, write_single_file
from tests.standins.lora_files import write_kohya
from tests.standins.motion_lora_files import write_motion_lora
from tests.standins.pia_files import write_pia
from tests.standins.sizes import PAPERS, SINGLE

OTHER = replace(SINGLE, published=False, seed=3)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two base models, PIA for both, and the bundle of the first."""
    folder = tmp_path_factory.mktemp("swap")
    write_folder(folder / "first", SINGLE)
    write_folder(folder / "second", OTHER)
    write_single_file(folder / "bare.safetensors", OTHER, LdmForm(vae=False, text=False))
    write_pia(folder / "pia.safetensors", SINGLE)
    request = ImportRequest(base=folder / "first", pia=folder / "pia.safetensors")
    import_bundle(request, folder / "bundle")
    return folder


def hashes(bundle: Bundle) -> dict[str, str]:
    return {name: file.sha256 for name, file in bundle.manifest.files.items()}


def parts(bundle: Bundle) -> list[str]:
    return [source.part for source in bundle.manifest.sources]


def test_another_base_keeps_the_motion(files: Path, tmp_path: Path) -> None:
    first = Bundle.open(files / "bundle")
    second = import_bundle(ImportRequest(bundle=files / "bundle", base=files / "second"), tmp_path / "out")
    same = {name for name, value in hashes(first).items() if hashes(second)[name] == value}
    assert same == {"temporal.safetensors", "condition.safetensors", "vocab.json", "merges.txt"}
    fresh = ImportRequest(base=files / "second", pia=files / "pia.safetensors")
    assert hashes(import_bundle(fresh, tmp_path / "fresh")) == hashes(second)
    assert parts(second) == ["motion modules, condition module", "unet", "vae", "text encoder"]
    origins = {source.part: source.origin for source in second.manifest.sources}
    assert origins["motion modules, condition module"] == "pia.safetensors"
    assert origins["unet"].startswith("second/unet/")


def test_a_base_without_autoencoder_takes_the_bundles(files: Path, tmp_path: Path) -> None:
    first = Bundle.open(files / "bundle")
    second = import_bundle(ImportRequest(bundle=files / "bundle", base=files / "bare.safetensors"), tmp_path / "out")
    same = {name for name, value in hashes(first).items() if hashes(second)[name] == value}
    assert same == set(first.manifest.files) - {"spatial.safetensors"}
    assert parts(second) == ["vae", "text encoder", "motion modules, condition module", "unet"]


def test_a_lora_remakes_spatial_layers_and_text(files: Path, tmp_path: Path) -> None:
    first = Bundle.open(files / "bundle")
    lora = write_kohya(tmp_path / "ink.safetensors", SINGLE)
    second = import_bundle(ImportRequest(bundle=files / "bundle", loras=(ScaledPath(lora.path, 0.5),)), tmp_path / "o")
    changed = {name for name, value in hashes(first).items() if hashes(second)[name] != value}
    assert changed == {"spatial.safetensors", "text_encoder.safetensors"}
    assert parts(second) == [*parts(first), "lora"]
    # Over another base model the LoRA is gone, as the bundle was made of that model anew.
    third = import_bundle(ImportRequest(bundle=second.path, base=files / "second"), tmp_path / "third")
    assert "lora" not in parts(third)


def test_a_motion_lora_remakes_the_motion_modules_alone(files: Path, tmp_path: Path) -> None:
    first = Bundle.open(files / "bundle")
    lora = write_motion_lora(tmp_path / "zoom.safetensors", SINGLE)
    second = import_bundle(ImportRequest(bundle=files / "bundle", loras=(ScaledPath(lora.path),)), tmp_path / "out")
    assert {name for name, value in hashes(first).items() if hashes(second)[name] != value} == {"temporal.safetensors"}
    # It stays when the base model is changed.
    third = import_bundle(ImportRequest(bundle=second.path, base=files / "second"), tmp_path / "third")
    assert hashes(third)["temporal.safetensors"] == hashes(second)["temporal.safetensors"]
    assert "motion lora" in parts(third)


def test_settings_are_the_bundles_unless_named(files: Path, tmp_path: Path) -> None:
    request = ImportRequest(
        base=files / "first",
        pia=files / "pia.safetensors",
        norm_mode=NormMode.DIFFUSERS,
        precision=Precision.FP32,
        conv_in=ConvIn.PIA,
    )
    first = import_bundle(request, tmp_path / "first")
    kept = import_bundle(ImportRequest(bundle=first.path, base=files / "second"), tmp_path / "kept").manifest
    assert (kept.norm_mode, kept.conv_in, kept.modules) == ("diffusers", "pia", first.manifest.modules)
    ours = load_file(tmp_path / "kept" / "spatial.safetensors")
    assert torch.equal(ours["conv_in.weight"], load_file(first.path / "spatial.safetensors")["conv_in.weight"])
    named = ImportRequest(
        bundle=first.path, norm_mode=NormMode.PIA, precision=Precision.FP16, conv_in=ConvIn.BASE, base=files / "second"
    )
    changed = import_bundle(named, tmp_path / "changed")
    assert (changed.manifest.norm_mode, changed.manifest.conv_in) == ("pia", "base")
    assert "conv_in" not in ", ".join(parts(changed))
    fresh = import_bundle(ImportRequest(base=files / "second", pia=files / "pia.safetensors"), tmp_path / "fresh")
    assert hashes(changed) == hashes(fresh)


def test_pias_conv_in_cannot_come_from_a_bundle_without_it(files: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="give PIA's weights with --pia"):
        import_bundle(ImportRequest(bundle=files / "bundle", conv_in=ConvIn.PIA), tmp_path / "out")


def test_a_base_of_another_size_does_not_fit(files: Path, tmp_path: Path) -> None:
    wide = replace(OTHER, channels=(64, 64, 64, 64))
    with pytest.raises(ModelError, match="expected the 520 weights of the motion modules that fit this base model"):
        import_bundle(
            ImportRequest(bundle=files / "bundle", base=write_folder(tmp_path / "wide", wide)), tmp_path / "o"
        )


def test_nothing_to_change(files: Path) -> None:
    with pytest.raises(RequestError, match="Expected something to change"):
        ImportRequest(bundle=files / "bundle")
    with pytest.raises(RequestError, match="Name both"):
        ImportRequest(base=files / "first")


def test_personalized_bundles_share_the_motion_file(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIA_EDGE_HOME", str(tmp_path))
    import_bundle(ImportRequest(base=files / "first", pia=files / "pia.safetensors", name="first"))
    import_bundle(ImportRequest(base=files / "second", pia=files / "pia.safetensors", name="second"))
    store = Store.open()
    assert store.names() == ["first", "second"]
    motion = [store.path(name) / "temporal.safetensors" for name in store.names()]
    assert motion[0].samefile(motion[1])
    size = motion[0].stat().st_size
    assert store.usage("first").size - store.usage("first").own >= size
    store.remove("first")
    again = AnimationPipeline.open("second", "reference")
    assert again.bundle.manifest.name == "second"


def test_words_are_kept_and_added(files: Path, tmp_path: Path) -> None:
    one = write_embedding(tmp_path / "one.safetensors", SINGLE, "emb_params", count=3)
    two = write_embedding(tmp_path / "two.safetensors", SINGLE, "diffusers", count=1, token="<two>")
    first = import_bundle(ImportRequest(bundle=files / "bundle", embeddings=(NamedPath(one),)), tmp_path / "first")
    second = import_bundle(ImportRequest(bundle=first.path, embeddings=(NamedPath(two),)), tmp_path / "second")
    assert second.manifest.added_tokens == {"one": (514, 515, 516), "<two>": (517,)}
    assert parts(second)[-2:] == ["embedding", "embedding"]
    third = import_bundle(ImportRequest(bundle=second.path, base=files / "second"), tmp_path / "third")
    assert third.manifest.added_tokens == {}
    assert "embedding" not in parts(third)


def test_the_papers_bundle_can_be_changed(papers: Bundle, tmp_path: Path) -> None:
    """A bundle that was not made by an import, with other numbers of heads and groups."""
    lora = write_kohya(tmp_path / "ink.safetensors", PAPERS, text=False)
    changed = import_bundle(ImportRequest(bundle=papers.path, loras=(ScaledPath(lora.path),)), tmp_path / "out")
    assert changed.manifest.network == papers.manifest.network
    assert hashes(changed)["vae.safetensors"] == hashes(papers)["vae.safetensors"]
