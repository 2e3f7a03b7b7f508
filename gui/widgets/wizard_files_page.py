"""The wizard's page of files: what the bundle is made of."""

from PySide6.QtWidgets import QFormLayout, QLabel, QWidget, QWizardPage

from pia_edge.gui.model.model_import import ModelImport
from pia_edge.gui.widgets.ingredient_list import IngredientList
from pia_edge.gui.widgets.path_field import PathField
from pia_edge.worker.model_questions import AddedWord, Ingredient


class FilesPage(QWizardPage):
    """Base model, PIA weights, and what is added to them."""

    def __init__(self, work: ModelImport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self.setTitle(self.tr("Which files?"))
        self.base = PathField(self.tr("Base model"), folders=True)
        self.pia = PathField(self.tr("PIA weights"), folders=True)
        self.vae = PathField(self.tr("VAE"), folders=True)
        self.tiny_decoder = PathField(self.tr("Tiny decoder"), folders=True)
        self.loras = IngredientList(self.tr("Add LoRAs"), strengths=True)
        self.embeddings = IngredientList(self.tr("Add embeddings"), strengths=False)
        self.base.line.setPlaceholderText(self.tr("a file, or a folder of diffusers"))
        self.pia.line.setPlaceholderText(self.tr("pia.ckpt, a .safetensors of it, or a motion adapter"))
        self.vae.line.setPlaceholderText(self.tr("that of the base model"))
        self.tiny_decoder.line.setPlaceholderText(self.tr("none; TAESD makes previews and drafts faster"))
        layout = QFormLayout(self)
        layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        layout.addRow(QLabel(self.tr("What each file is will be looked at next; names do not matter."), wordWrap=True))
        layout.addRow(self.tr("Base &model"), self.base)
        layout.addRow(self.tr("&PIA weights"), self.pia)
        layout.addRow(self.tr("LoRAs"), self.loras)
        layout.addRow(self.tr("Embeddings"), self.embeddings)
        optional = QLabel(self.tr("Only if you want another than the usual one:"))
        layout.addRow(optional)
        layout.addRow(self.tr("&VAE"), self.vae)
        layout.addRow(self.tr("&Tiny decoder"), self.tiny_decoder)
        self._connect()

    def isComplete(self) -> bool:  # noqa: N802 - Qt's name
        """Whether there is enough to make a bundle of."""
        models = self._work.wish.models
        return models.base is not None and models.pia is not None

    def _connect(self) -> None:
        work = self._work
        self.base.changed.connect(lambda path: work.change_models(base=path))
        self.pia.changed.connect(lambda path: work.change_models(pia=path))
        self.vae.changed.connect(lambda path: work.change_models(vae=path))
        self.tiny_decoder.changed.connect(lambda path: work.change_models(tiny_decoder=path))
        self.loras.changed.connect(
            lambda: work.change_models(loras=tuple(Ingredient(*each) for each in self.loras.strengths()))
        )
        self.embeddings.changed.connect(
            lambda: work.change_models(embeddings=tuple(AddedWord(*each) for each in self.embeddings.words()))
        )
        work.changed.connect(self.completeChanged)
