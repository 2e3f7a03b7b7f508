"""Finding a recipe: storage for each layer of the UNet, so that a bundle meets a size or a quality."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.cancel import CancelToken
from pia_edge.errors import BundleError, RequestError
from pia_edge.export.allocation import Allocation, Chain
from pia_edge.export.precision import THRESHOLDS, Precision
from pia_edge.export.recipe import Group, Recipe, Storage, group_of
from pia_edge.export.sensitivity import measure_sensitivity
from pia_edge.export.storing import contents_of
from pia_edge.export.trial import Quality, Trial
from pia_edge.modules import Module
from pia_edge.progress import OnStep, Pace, Stage

_CLAIMS = (Precision.FP16, Precision.INT8, Precision.INT4)
"""What a found recipe may claim to be, the strictest first."""
_CLOSE = 0.05
"""In dB: recipes whose expected quality differs by less than twice this are not told apart."""


@dataclass(frozen=True)
class Choice:
    """A recipe that was found, and what is known of it."""

    recipe: Recipe
    num_bytes: int
    """Of an export at most, whatever the target."""
    predicted_db: float
    """What the sensitivities promised for the worst step of a run."""
    quality: Quality
    """What was measured."""
    layers: Mapping[Group, Mapping[Storage, int]]
    """How many layers of the UNet that may be quantized are stored how."""


class Search:
    """The layers of a reference, measured once, for recipes of any goal."""

    def __init__(self, reference: Bundle, *, on_step: OnStep | None = None, cancel: CancelToken | None = None) -> None:
        """Measure the layers of ``reference``.

        Args:
            reference: a bundle of format ``torch``.
            on_step: told how far measuring and trying are.
            cancel: stops the work between two layers.

        Raises:
            BundleError: ``reference`` is no reference bundle, or its weights are not those of the network.
            BackendError: a module could not be run.
            Cancelled: ``cancel`` was used.
        """
        if reference.manifest.format is not Format.TORCH:
            raise BundleError(
                f"{reference.path}: expected a reference bundle, found format {reference.manifest.format}."
            )
        token = cancel or CancelToken()
        self._on_step = on_step
        self._contents = contents_of(reference)
        self._trial = Trial(reference, token)
        self.layers = measure_sensitivity(self._trial.network, self._trial.run, on_step=on_step, cancel=token)

    def within(self, num_bytes: int, floor: Storage = Storage.INT4) -> Choice:
        """Return the recipe of least error whose export takes at most ``num_bytes`` bytes, whatever the target.

        Its precision is fp16 if that is small enough, int8 if no layer has 4 bits, and int4 otherwise or where the
        gate of int8 would refuse it.

        Args:
            num_bytes: the size of the whole bundle.
            floor: the smallest storage that a layer may take.

        Raises:
            RequestError: no bundle is as small as that, or it would be worse than every gate allows.
            Cancelled: the token was used.
        """
        plain = Recipe(precision=Precision.FP16)
        chain = Chain(self.layers, floor)
        if self._contents.num_bytes(plain) <= num_bytes:
            return self._strictest(_CLAIMS, chain.allocation(0), chain.predicted_db(0))
        saving = self._contents.num_bytes(self._recipe(Precision.INT4, chain.allocation(0))) - num_bytes
        found = chain.fit(saving)
        if found is None:
            least = self._contents.num_bytes(self._recipe(Precision.INT4, chain.allocation(len(chain.moves))))
            advice = "" if floor is Storage.INT4 else ", or allow int4"
            raise RequestError(
                f"Expected a size that can be reached, found {num_bytes / 1e6:.1f} MB; the least is "
                f"{_rounded_up(least)} MB with layers down to {floor}. Ask for more{advice}."
            )
        allocation, predicted_db = found
        claims = _CLAIMS[2:] if Storage.INT4 in allocation.values() else _CLAIMS[1:]
        return self._strictest(claims, allocation, predicted_db)

    def reaching(self, psnr_db: float, floor: Storage = Storage.INT4) -> Choice:
        """Return the recipe of the smallest size whose measured PSNR is at least ``psnr_db``.

        Its precision is the strictest one whose gate asks for no more than ``psnr_db``, and it passes all of that
        gate: the UNet alone, flicker and the prompt's effect.

        Args:
            psnr_db: on the worst step of a denoising run.
            floor: the smallest storage that a layer may take.

        Raises:
            RequestError: the quality cannot be reached, or no export of so low a quality would be written.
            Cancelled: the token was used.
        """
        claim = next((each for each in _CLAIMS if THRESHOLDS[each].run_db <= psnr_db), None)
        if claim is None:
            raise RequestError(
                f"Expected a quality of at least {THRESHOLDS[_CLAIMS[-1]].run_db:.0f} dB, without which nothing "
                f"is exported, found {psnr_db:g} dB. Ask for more, or for a size."
            )
        chain = Chain(self.layers, floor)
        found = self._smallest(chain, claim, psnr_db) or self._tried(chain, claim, 0)
        if found.quality.psnr_db < psnr_db or not found.quality.passes(THRESHOLDS[claim]):
            raise RequestError(
                f"Expected a quality that can be reached and exported as {claim}, found {psnr_db:g} dB; in half "
                f"precision the UNet has {found.quality}. Ask for less, or export in fp32."
            )
        return found

    def _smallest(self, chain: Chain, claim: Precision, psnr_db: float) -> Choice | None:
        """The last choice along ``chain`` that is good enough; None if only its start can be."""
        best: Choice | None = None
        good, bad, offset, middle = 0, len(chain.moves) + 1, 0.0, False
        most, tries = 2 * bad.bit_length(), 0
        pace = Pace(Stage.SEARCH, most, self._on_step)
        while bad - good > 1 and not _close(chain, good, bad):
            expected = chain.count_for(psnr_db - offset)
            count = (good + bad) // 2 if middle else min(max(expected, good + 1), bad - 1)
            choice, before = self._tried(chain, claim, count), bad - good
            if choice.quality.psnr_db >= psnr_db and choice.quality.passes(THRESHOLDS[claim]):
                best, good = choice, count
            else:
                bad = count
            # Sensitivities know the differences between neighbours better than the level of all: measuring corrects
            # it, and aiming a little beyond encloses the goal from both sides.
            offset = choice.quality.psnr_db - chain.predicted_db(count) + (_CLOSE if good == count else -_CLOSE)
            # As in Brent's method: a guess that did not halve what is open is followed by one that does.
            middle = not middle and 2 * (bad - good) > before
            tries += 1
            pace.report(tries)
        pace.report(most)
        return best

    def _tried(self, chain: Chain, claim: Precision, count: int) -> Choice:
        recipe = self._recipe(claim, chain.allocation(count))
        return self._choice(recipe, chain.predicted_db(count), self._trial.measure(recipe))

    def _strictest(self, claims: tuple[Precision, ...], allocation: Allocation, predicted_db: float) -> Choice:
        """The choice of ``allocation`` that claims as much as its quality allows."""
        pace = Pace(Stage.SEARCH, 1, self._on_step)
        # The same for every claim: a recipe names whatever its precision would store otherwise.
        quality = self._trial.measure(self._recipe(claims[0], allocation))
        pace.report(1)
        for claim in claims:
            if quality.passes(THRESHOLDS[claim]):
                return self._choice(self._recipe(claim, allocation), predicted_db, quality)
        threshold = THRESHOLDS[claims[-1]]
        raise RequestError(
            f"Expected at least {threshold.run_db:.0f} dB and ratios within {threshold.largest_drift} of 1, "
            f"without which nothing is exported, found {quality}. Ask for a larger size."
        )

    def _recipe(self, claim: Precision, allocation: Allocation) -> Recipe:
        """The recipe of ``claim`` that stores layers as ``allocation`` says; it names those alone that differ."""
        plain = Recipe(precision=claim)
        shapes = self._contents.shapes[Module.UNET]
        layers = {
            name: storage
            for name, storage in allocation.items()
            if plain.storage(Module.UNET, name, shapes[name]) is not storage
        }
        return Recipe(precision=claim, layers=layers)

    def _choice(self, recipe: Recipe, predicted_db: float, quality: Quality) -> Choice:
        counts: dict[Group, Counter[Storage]] = {Group.SPATIAL: Counter(), Group.TEMPORAL: Counter()}
        for layer in self.layers:
            storage = recipe.storage(Module.UNET, layer.name, layer.shape)
            counts[group_of(Module.UNET, layer.name)][storage] += 1
        return Choice(recipe, self._contents.num_bytes(recipe), predicted_db, quality, counts)


def _close(chain: Chain, good: int, bad: int) -> bool:
    """Whether the expected qualities of two counts are too close to be told apart."""
    return good > 0 and bad <= len(chain.moves) and chain.predicted_db(good) - chain.predicted_db(bad) < 2 * _CLOSE


def _rounded_up(num_bytes: int) -> str:
    return f"{-(-num_bytes // 100_000) / 10:.1f}"
