"""What the page says of each experiment: its table, its figure, and whether it held."""

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence

from figures import Mean, bars, lines, mean_of
from wording import Found, by_picture, per_cent, scaled, table, verdict

Section = tuple[list[str], dict[str, str]]
"""Lines of the page, and figures by name."""


def condition(results: Found) -> Section:
    """(a)."""
    found = results["found"]
    rows, means = [], {}
    for name in ("with", "without"):
        psnr, ssim = (mean_of(by_picture(found, name, measure)) for measure in ("psnr", "ssim"))
        rows.append([f"{name} the condition module", f"{psnr} dB", ssim])
        means[name] = psnr
    gain = mean_of(
        {
            picture: [a - b for a, b in zip(inside["with"]["psnr"], inside["without"]["psnr"], strict=True)]
            for picture, inside in found.items()
        }
    )
    return [
        f"Each frame of a clip (prompt: {results['prompt']}) against the picture, mean over frames.",
        "",
        *table(["", "PSNR", "SSIM"], rows),
        "",
        verdict(gain.low >= 6, f"the module is worth {gain} dB; at least 6 were to be reached."),
    ], {"condition": bars("Likeness to the picture, dB", means, "dB")}


def magnitude(results: Found) -> Section:
    """(b)."""
    found, levels = results["found"], list(results["asked"])
    rows = []
    means: dict[str, Mean] = {}
    for prompt in results["prompts"]:
        for level in levels:
            score, flow, affinity = (
                mean_of(by_picture(found, prompt, level, measure)) for measure in ("hsv_l1", "flow", "affinity")
            )
            asked = f"{results['asked'][level]:.2f}"
            rows.append([prompt, level, score, f"{100 * flow.value:.2f} %", asked, affinity])
            means[f"{prompt}, {level}"] = score
    share = mean_of(
        {
            picture: [float(ordered(inside[prompt], levels)) for prompt in results["prompts"]]
            for picture, inside in found.items()
        }
    )
    return [
        "HSV L1 is the paper's measure of how far frames are from the first; flow is its mean length from frame to "
        "frame as a share of the width; affinity is measured by the range of the motion asked for, as in training.",
        "",
        *table(["prompt", "level", "HSV L1", "flow", "affinity asked", "affinity measured"], rows),
        "",
        verdict(
            share.value >= 0.9,
            f"small < medium < large (HSV L1, mean over seeds) in {per_cent(share)} of pictures and "
            f"prompts; 90 % were to be reached.",
        ),
    ], {"magnitude": bars("Measured motion (HSV L1)", means, "")}


def ordered(of_levels: Mapping[str, Mapping[str, Sequence[float]]], levels: Sequence[str]) -> bool:
    """Return whether each level moves more than the one before it, in the mean over seeds."""
    means = [sum(of_levels[level]["hsv_l1"]) / len(of_levels[level]["hsv_l1"]) for level in levels]
    return all(low < high for low, high in itertools.pairwise(means))


def start(results: Found) -> Section:
    """(c)."""
    found = results["found"]
    rows, means = [], {}
    for name in ("zero", "random"):
        before, after, without = (
            mean_of(by_picture(found, name, measure)) for measure in ("before", "after", "after_without_condition")
        )
        rows.append([name, f"{before.value:.4f}", f"{after.value:.4f}", f"{without.value:.4f}"])
        means[name] = after
    better = sum(inside["zero"]["after"][0] < inside["random"]["after"][0] for inside in found.values())
    return [
        f"The same base, the same clips in the same order, {results['training_steps']} steps of "
        f"{results['batch']} clips; the loss is measured on {results['held_out_clips']} clips of pictures that were "
        "not trained on.",
        "",
        *table(["start", "loss before", "loss after", "the same without condition"], rows),
        "",
        verdict(better == len(found), f"starting at zero is better for {better} of {len(found)} seeds."),
    ], {"start": bars("Held-out loss after the same training", means, "")}


def affinity_range(results: Found) -> Section:
    """(d)."""
    found = results["found"]
    affinities = [f"{affinity:g}" for affinity in results["affinities"]]
    measures = {
        name: [mean_of(by_picture(found, a, name)) for a in affinities] for name in ("hsv_l1", "psnr", "flicker")
    }
    rows = [
        [affinity, measures["hsv_l1"][row], f"{measures['psnr'][row]} dB", measures["flicker"][row]]
        for row, affinity in enumerate(affinities)
    ]
    motion = [mean.value for mean in measures["hsv_l1"]]
    steps = sum(before < after for before, after in itertools.pairwise(motion))
    return [
        f"One affinity for all frames but the first (prompt: {results['prompt']}). Training showed affinities from 0.2 "
        "to 1.",
        "",
        *table(["affinity", "HSV L1", "PSNR to the picture", "flicker"], rows),
        "",
        f"Motion grows from {motion[0]:.1f} to {motion[-1]:.1f}; {steps} of {len(motion) - 1} steps down add motion.",
    ], {
        "affinity_range": lines(
            "Measured motion (HSV L1) by affinity", [float(affinity) for affinity in affinities], measures["hsv_l1"]
        )
    }


FOLLOWED = 5
"""Motions that had to be right in 80 % of the clips."""


def right_over(found: Found, kinds: Sequence[str]) -> Mean:
    """Return the share of clips in which the motion asked was seen, over the motions ``kinds``."""
    return mean_of({name: [float(row[kind] == kind) for row in rows for kind in kinds] for name, rows in found.items()})


def following(results: Found) -> Section:
    """(e)."""
    found, kinds = results["found"], list(results["prompts"])
    shares = {
        kind: mean_of({picture: [float(row[kind] == kind) for row in rows] for picture, rows in found.items()})
        for kind in kinds
    }
    seen = Counter((kind, row[kind]) for rows in found.values() for row in rows for kind in kinds)
    total = {kind: sum(seen[kind, other] for other in kinds) for kind in kinds}
    rows = [
        [kind, results["prompts"][kind], *(f"{seen[kind, other] / total[kind]:.0%}" for other in kinds)]
        for kind in kinds
    ]
    overall = right_over(found, kinds)
    best = sorted(kinds, key=lambda kind: shares[kind].value, reverse=True)[:FOLLOWED]
    of_best = right_over(found, best)
    reached = [kind for kind in kinds if shares[kind].value >= 0.8]
    return [
        f"The estimator has {len(kinds)} motions to choose from; chance is {1 / len(kinds):.0%}. Rows are what was "
        "asked, columns what was seen.",
        "",
        *table(["asked", "prompt", *kinds], rows),
        "",
        f"Right over all {len(kinds)}: {per_cent(overall)}; over the {FOLLOWED} that come best ({', '.join(best)}), "
        f"still chosen from all: {per_cent(of_best)}.",
        "",
        verdict(
            len(reached) >= FOLLOWED,
            f"{len(reached)} motions are right in 80 % of the clips or more ({', '.join(reached) or 'none'}); "
            f"{FOLLOWED} were to be reached.",
        ),
        "",
        *why_not_sunrise(results),
    ], {"following": bars("Right, per cent", {k: scaled(m, 100) for k, m in shares.items()}, "%")}


def why_not_sunrise(results: Found) -> list[str]:
    """Return in which pictures the motion that came nearest to being the fifth is missed."""
    found, brightness = results["found"], results["brightness"]
    middle = sorted(brightness.values())[len(brightness) // 2]
    dark = {name: rows for name, rows in found.items() if brightness[name] < middle}
    bright = {name: rows for name, rows in found.items() if brightness[name] >= middle}
    told = {half: per_cent(right_over(rows, ["sunrise"])) for half, rows in (("dark", dark), ("bright", bright))}
    return [
        f"A sunrise is told in {told['dark']} of the clips of the darker half of the pictures and in {told['bright']} "
        "of those of the brighter half. Clips of three bright pictures where it is mostly missed were looked at: they "
        "fade to white, as in mist. Flicker and ripples go back and forth, while the affinities of a level only fall; "
        "supposedly that is why they are told least.",
    ]


LOST = 1.0
"""dB that a long clip may lose against one of the trained length."""
MORE_FLICKER = 1.1
UNDONE = 0.25
"""The part of a night's darkness that may go before the end; 0.33 and 0.60 in two clips whose windows began anew."""


def length(results: Found) -> Section:
    """(f)."""
    found, lengths = results["found"], [str(length) for length in results["lengths"]]
    rows, means, verdicts = [], {}, []
    for prompt in results["prompts"]:
        for frames in lengths:
            values = [
                mean_of(by_picture(found, prompt, frames, measure))
                for measure in ("drift", "colour_shift", "flicker", "last_psnr")
            ]
            rows.append([prompt, frames, *values[:3], f"{values[3]} dB"])
            means[f"{prompt}, {frames} frames"] = values[0]
        verdicts += ["", long_clips(results, prompt)]
    return [
        "Drift and colour shift are of the last frame against the first, flicker from frame to frame "
        "([evaluation.md](evaluation.md) defines them); the last column is the likeness of the last quarter to the "
        "picture.",
        "",
        *table(["prompt", "frames", "drift", "colour shift", "flicker", "likeness at the end"], rows),
        *verdicts,
        "",
        one_night(results),
    ], {"length": bars("Drift", means, "")}


def long_clips(results: Found, prompt: str) -> str:
    """Return whether the longest clips are as good as those of the trained length."""
    found, (short, *_, long) = results["found"], [str(length) for length in results["lengths"]]

    def change(measure: str) -> Mean:
        before, after = by_picture(found, prompt, short, measure), by_picture(found, prompt, long, measure)
        return mean_of({picture: [after[picture][0] - values[0]] for picture, values in before.items()})

    likeness, flicker = change("last_psnr"), change("flicker")
    allowed = (MORE_FLICKER - 1) * mean_of(by_picture(found, prompt, short, "flicker")).value
    return verdict(
        likeness.value > -LOST and flicker.value < allowed,
        f"from {short} to {long} frames ({prompt}) the likeness at the end changes by {likeness} dB and flicker by "
        f"{flicker}; {-LOST:g} dB and {allowed:.2f} were allowed.",
    )


def one_night(results: Found) -> str:
    """Return whether night falls once in the longest clips."""
    nights = results["nights"]
    darkens, undone = (mean_of(by_picture(nights, measure)) for measure in ("darkens", "undone"))
    return verdict(
        undone.value < UNDONE,
        f"in {results['lengths'][-1]} frames night falls once: clips ({results['night']}) darken by {darkens} of 255 "
        f"levels, and {per_cent(undone)} of that is undone on the way; less than {UNDONE:.0%} was allowed.",
    )


def bases(results: Found) -> Section:
    """(g)."""
    found, kinds = results["found"], results["asked"]
    names = list(next(iter(found.values())))
    rows, means, missed = [], {}, []
    for name in names:
        psnr, flicker = (mean_of(by_picture(found, name, measure)) for measure in ("psnr", "flicker"))
        rights = {kind: seen_rightly(found, name, kind) for kind in kinds}
        rows.append([name, f"{psnr} dB", flicker, *map(per_cent, rights.values())])
        means |= {f"{name}, {kind}": scaled(right, 100) for kind, right in rights.items()}
        missed += [f"{kind} in {name}" for kind, right in rights.items() if right.value < 0.8]
    estimator = list(results["estimator"].values())
    filmed = [share for of_base in results["filmed"].values() for share in of_base.values()]
    return [
        "The temporal layers and the condition module are the same files; only the spatial layers differ. "
        "Each base is given the pictures in its own look. The estimator chooses from all motions of (e); of filmed "
        f"clips that it was not trained on it names {sum(estimator) / len(estimator):.0%} rightly, out of "
        f"{len(estimator)} motions.",
        "",
        *table(["base", f"likeness to the picture ({results['prompt']})", "flicker", *kinds], rows),
        "",
        verdict(
            not missed,
            "each base was to follow each prompt in 80 % of the clips; what falls short is "
            f"{', '.join(missed) or 'none'}. Where these motions are filmed in the looks of the bases, the estimator "
            f"tells {min(filmed):.0%} or more of each, so what it misses is missing in the clips.",
        ),
    ], {"bases": bars("Prompts followed, per cent", means, "%")}


def seen_rightly(found: Found, base: str, kind: str) -> Mean:
    """Return the share of a base's clips in which the motion asked was seen."""
    return mean_of({picture: [float(of[base]["seen"][kind] == kind)] for picture, of in found.items()})
