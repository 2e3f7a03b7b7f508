"""Drawn things, cut out, from Open Clip Art (dedicated to the public domain): what rendered scenes are peopled with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from .canvas import Canvas

LARGEST = 128
"""Height or width of a cut-out in pixels."""
LICENCE = "public domain (Open Clip Art, release 0.18)"

# What a file shows, by a part of its name; many are Italian or French. Drawings without colour are left out.
_LEFT_OUT = re.compile(r"_bw|_b_w_|contour|contorno|outline|symbol|silhouet|signal|-simple|_sign_|sketch")
_FOLDERS = ("animals", "buildings", "plants", "food", "transportation", "people", "recreation/toys")
_NOUNS = {
    "a bear": "orso_|ours_|bear_peterm",
    "a lion": "leone_0|leone_arch",
    "a tiger": "tigre0|tiger_",
    "a horse": "cavallo_|horse_2",
    "a cat": "gatto_|gattina_|cartoon_cat|kitten_",
    "a dog": "dog_0|beagle|black_lab|bulldog|dog_on|bobi_|bored_dog",
    "an elephant": "elefante0|elephant_01",
    "a penguin": "penguin|pinguino|baby_tux_01|ralf_ark|tux_clemente",
    "an eagle": "acquila|aquila|eagle_",
    "a bird": "bird_of_peace|gabbiano|gull_|puffin|cormorant|flamand_|dove_",
    "a duck": "duck",
    "a swan": "cigno_arch|cigno_di_spalle",
    "a rooster": "gallo_di|rooster|hen_|tacchino|pollo_",
    "an owl": "gufo_|owl_",
    "a cow": "vacca_|bison_",
    "a pig": "pig_",
    "a sheep": "pecora_|sheep-|goat_",
    "a rabbit": "coniglio|bunny",
    "a kangaroo": "canguro",
    "a squirrel": "squirrel|chipmunk|raccoon",
    "a wolf": "wolf",
    "a rhinoceros": "rhinoceros",
    "a seal": "^seal",
    "a whale": "bluewhale|orca_",
    "a dolphin": "dolphin",
    "a fish": "altum_|arctic_|brown_fish|clown_loach|pescetto|yellow_gour|bofish|cichlid",
    "a seahorse": "seahorse",
    "a lobster": "crawfish",
    "a frog": "rana0|rana_|red-eye_frog",
    "a lizard": "lucertol|ramarro|az-lizard",
    "a dinosaur": "dino_|dinosaur",
    "a turtle": "turtle",
    "a snail": "lumaca",
    "a spider": "spider|ragno_|ragnetto",
    "a butterfly": "farfalla_butterfly|farfalla_semplice|butterfly_jon",
    "a bee": "^bee|abeille",
    "a wasp": "wasp",
    "a ladybird": "coccinel|ladybug",
    "an ant": "^ant$|formic",
    "a dragonfly": "libellul|damselfly",
    "a grasshopper": "cavalletta|grass_hopper",
    "a monkey": "monkey",
    "a camel": "camel_head",
    "a house": r"^home\d|^house|casa_|my_house|pinkhome|small_house|big_house|chalet|villa",
    "a lighthouse": "lighthouse",
    "a castle": "teau-fort|us_capitol_building_cli",
    "a church": "school_country|church",
    "a tower": "eiffel",
    "a table": "tavolo_|wooden_table|small_square_table",
    "a chair": "sedia_in|poltrona",
    "a tree": "albero_|arbre_modern_jean|cartoon_tree|coloured_tree|plain_tree|^tree|olivier_one_jean|evergreen",
    "a Christmas tree": "christmas_tree",
    "a palm tree": "island_palm|palmtree",
    "a cactus": "cactus|cacuts",
    "a flower": "daffodil|daisy|^flower|fiore_|magnolia|sakura|sun_flower|rose_|geranium|full_bloom|red_flower",
    "flowers": "bouquet|mazzo_|tulips",
    "a mushroom": "mushroom|toadstool",
    "a leaf": "coloured_leaf|^leaf",
    "an apple": "apple|eris_",
    "a banana": "banana",
    "a pear": "pear|pera_",
    "an orange": "^orange$|orange_dave|orange_simple|orange_slice",
    "a lemon": "lemon1?$|lemon_half|lemon_whole|lemon_simple|lime_half|lime_whole",
    "grapes": "grape",
    "cherries": "cherr",
    "a strawberry": "strawberry",
    "a pineapple": "pineapple",
    "a watermelon": "watermelon|pasteque",
    "a pumpkin": "pumpkin|zucca_",
    "a tomato": "pomodori",
    "a cake": "cake|torta_|gateau|muffin|pie_",
    "bread": "^bread|croissant",
    "cheese": "cheese_|^cheese",
    "a pizza": "pizza_",
    "a hamburger": "burger",
    "ice cream": "^cone|ice_cream|glace_|gelato",
    "a cup": "coffee_ganson|^coffee$|mug|tazza_|teacup|cuppa|kubek",
    "a teapot": "teapot|teiera",
    "a glass": "beer|wine_glass|cocktail|glass_0|juice_glass|martini|lemonade",
    "a car": "^car$|^car_jam|redcar|sportcar|hummer|old_car|dodge|bmw_|formula_one|chevrolet_c|blazer|toyota|skoda",
    "a bus": "bus1_jarno|bus2_jarno|^bus_01|tramway",
    "a truck": "truck|fire_engine",
    "a tractor": "trattore",
    "an aeroplane": "aircraft|airplane|plane_in_the",
    "a boat": "boat_jarno|sailboat_ill|trawler|little_ship|sailing_running",
    "a hot-air balloon": "pallone_aero",
    "a bicycle": "bicicletta|bicycle|bike_tob",
    "a motorcycle": "motorcycle",
    "a rocket": "^rocket",
    "a boy": "a_boy|kid_01|a_happy_boy|a_youngster|boy_astrid",
    "a girl": "manga_girl|elfish_girl|blue_girl",
    "a man": r"^man_|^man0|grandpa|^head\d|man_crystal|businessman|nonno_",
    "a woman": "happy_woman|donna_|bussiness_woman|bride",
    "a baby": "^baby_a|lovely_baby|io_bambina",
    "a dancer": "ballerina|dancers_|breakdance",
    "a clown": "clown",
    "a snowman": "snowman",
    "a teddy bear": "teddy|orsacchiotto",
    "a toy": "toy_|robot|doll|train",
    "a ball": "ball_|pallone_",
}


@dataclass(frozen=True, kw_only=True)
class Cutout:
    """One drawn thing."""

    noun: str
    pixels: NDArray[np.uint8]
    """RGBA (height, width, 4), at most ``LARGEST`` along each axis."""


def read_cutouts(folder: Path) -> list[Cutout]:
    """Return what Open Clip Art's folder of PNG files holds of known things, in the order of their paths."""
    nouns = [(re.compile(part), noun) for noun, part in _NOUNS.items()]
    found: list[Cutout] = []
    for path in sorted(path for name in _FOLDERS for path in (folder / name).rglob("*.png")):
        if _LEFT_OUT.search(path.stem) or path.parent.name == "roadsigns":
            continue
        noun = next((noun for part, noun in nouns if part.search(path.stem)), None)
        if noun is not None and (pixels := _read(path)) is not None:
            found.append(Cutout(noun=noun, pixels=pixels))
    return found


def _read(path: Path) -> NDArray[np.uint8] | None:
    """Return the picture without empty margins; None if it is nearly empty, colourless, or has a background."""
    from PIL import Image

    with Image.open(path) as opened:
        picture = opened.convert("RGBA")
    box = picture.getchannel("A").getbbox()
    if box is None or min(box[2] - box[0], box[3] - box[1]) < LARGEST // 3:
        return None
    picture = picture.crop(box)
    # Colours below transparency 0 would shine through when scaled.
    picture.thumbnail((LARGEST, LARGEST), Image.Resampling.BOX, reducing_gap=None)
    pixels = np.asarray(picture)
    solid = pixels[..., 3] > 128
    colours = pixels[solid][:, :3].astype(np.int16)
    covered = float(solid.mean())
    if not 0.15 < covered < 0.93 or len(colours) == 0 or float(np.ptp(colours, axis=1).mean()) < 12:
        return None
    return pixels


def paste(canvas: Canvas, cutout: Cutout, light: NDArray[np.float32] | float = 1.0) -> None:
    """Put ``cutout`` on ``canvas``: anywhere, mirrored or not, from a fifth to three quarters of its height."""
    generator = canvas.generator
    height, width = cutout.pixels.shape[:2]
    scale = canvas.size * generator.uniform(0.2, 0.75) / max(height, width)
    left, top = (
        generator.uniform(-0.1, 0.9) * canvas.size,
        generator.uniform(0.1, 1.0) * canvas.size - height * scale * 0.7,
    )
    pixels = cutout.pixels[:, ::-1] if generator.random() < 0.5 else cutout.pixels
    shade = np.exp(generator.normal(0, 0.15))
    rows, columns = (np.arange(canvas.size) - top) / scale, (np.arange(canvas.size) - left) / scale
    alpha, colours = _sampled(pixels, rows, columns)
    canvas.rgb[:] = canvas.rgb * (1 - alpha) + np.clip(colours * shade * light, 0, 1) * alpha


def _sampled(
    pixels: NDArray[np.uint8], rows: NDArray[np.float64], columns: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return opacity (size, size, 1) and colour (size, size, 3) at the given places; nothing lies outside."""
    height, width = pixels.shape[:2]
    values = torch.from_numpy(pixels.astype(np.float32) / 255)
    # Colours of what is transparent must not shine through.
    values[..., :3] *= values[..., 3:]
    across, down = np.meshgrid((columns + 0.5) * 2 / width - 1, (rows + 0.5) * 2 / height - 1)
    grid = torch.from_numpy(np.stack([across, down], axis=-1).astype(np.float32))[None]
    mixed = F.grid_sample(values.permute(2, 0, 1)[None], grid, mode="bilinear", align_corners=False)
    found = mixed[0].permute(1, 2, 0).numpy()
    return found[..., 3:], found[..., :3] / np.maximum(found[..., 3:], 1e-3)
