"""Named recipes that ship with the lab."""

from dataclasses import dataclass, replace

from aecore.corruptions import BlackBox, Corruption, GaussianBlur, GaussianNoise, Grey, Shrink, Worn
from aecore.datasets import Dataset
from aecore.datasets.cifar10 import Cifar10
from aecore.datasets.faces import Faces
from aecore.datasets.fashion_mnist import FashionMnist
from aecore.datasets.mnist import Mnist
from aecore.datasets.photo_pairs import PhotoPairs
from aecore.datasets.photos import Photos
from aecore.fit import Fit
from aecore.models.conv import Conv
from aecore.models.conv_deblur import ConvDeblur
from aecore.models.conv_latent import ConvLatent
from aecore.models.conv_sr import ConvSuperResolution
from aecore.models.dense import Dense
from aecore.models.neighbour_map import NeighbourMap
from aecore.models.residual_sr import ResidualSuperResolution
from aecore.models.sparse import Sparse
from aecore.models.stack import Stack
from aecore.models.unet import UNet
from aecore.models.vae import Variational
from aecore.recipe import Recipe


@dataclass(frozen=True)
class Preset:
    """A recipe with a name.

    Args:
        name: Lower case with hyphens; what scripts call it.
        task: One line for people: what it shows.
        recipe: The recipe.
    """

    name: str
    task: str
    recipe: Recipe


_PUBLISHED = Fit(epochs=20, batch_size=256, learning_rate=0.001, loss="bce", validation_share=0.0)

_PAIRS = Fit(  # patience and how many photographs are kept for validation were not published: both are ours
    epochs=10, steps_per_epoch=50, batch_size=8, learning_rate=0.001, loss="mse", validation_share=0.3,
    best_weights=True, early_stopping=9, reduce_rate=5,
)  # fmt: skip

_SHARPEN = Fit(
    epochs=10, steps_per_epoch=50, batch_size=8, learning_rate=0.002, schedule="cosine", loss="psnr",
    gradient_clip=1.0, validation_share=0.0,
)  # fmt: skip

_CODE = Fit(epochs=8, batch_size=64, learning_rate=0.002, schedule="cosine", loss="bce", validation_share=0.0)
_MAP = Fit(epochs=12, batch_size=1000, learning_rate=0.003, schedule="cosine", loss="bce", validation_share=0.0)
_DIGITS = replace(_CODE, epochs=5)  # of the same network as `_CODE`, for the lengths of code between
_CLOTHES = Fit(epochs=4, batch_size=128, learning_rate=0.004, schedule="cosine", loss="bce", validation_share=0.0)
_FLAT = Fit(epochs=8, batch_size=256, learning_rate=0.003, schedule="cosine", loss="bce", validation_share=0.0)


def _code(kind: str, things: str, told: str, dataset: Dataset, size: int, filters: int, fit: Fit) -> Preset:
    """A code of some length, `kind` plain or vae."""
    if kind == "plain":
        model, how = Conv(filters=filters, depth=2, latent_dim=size), ""
    else:
        model, how = Variational(body="conv", filters=filters, depth=2, latent_dim=size), " without gaps,"
    recipe = Recipe(dataset, model=model, fit=fit)
    return Preset(f"{kind}-{things}-{size}", f"A code of {size} numbers{how} for {told}", recipe)


_LENGTHS = (
    *(_code("plain", "mnist", "handwritten digits", Mnist(), size, 16, _DIGITS) for size in (8, 16)),
    *(_code("vae", "mnist", "handwritten digits", Mnist(), size, 16, _DIGITS) for size in (8, 32)),
    *(_code("plain", "fashion", "clothes", FashionMnist(), size, 8, _CLOTHES) for size in (8, 16, 32)),
    *(_code("vae", "fashion", "clothes", FashionMnist(), size, 8, _CLOTHES) for size in (8, 16, 32)),
)

_RESTORE = Fit(
    epochs=8, steps_per_epoch=1000, batch_size=16, learning_rate=0.001, schedule="cosine", loss="mae",
    gradient_clip=1.0, precision="mixed_bfloat16", validation_share=0.0,
)  # fmt: skip
_PATCHES = Photos(size=64, crops=64, turned=True)
_SMALL = Fit(
    epochs=2, batch_size=64, learning_rate=0.002, schedule="cosine", loss="mse", precision="mixed_bfloat16",
    validation_share=0.0,
)  # fmt: skip
_SMALL_DAMAGE: dict[str, tuple[Corruption, str]] = {
    "denoise": (GaussianNoise(0.6, varied=True), "Noise of any strength taken from"),
    "deblur": (GaussianBlur(2.0, varied=True), "Blur of any strength taken from"),
    "fill": (BlackBox(14, varied=True), "Holes of any size filled in"),
}
_SMALL_THINGS: dict[str, tuple[Dataset, str]] = {
    "mnist": (Mnist(), "handwritten digits"),
    "fashion": (FashionMnist(), "clothes"),
}
_FACES = Fit(
    epochs=14, steps_per_epoch=340, batch_size=16, learning_rate=0.002, schedule="cosine", loss="psnr",
    precision="mixed_bfloat16",
)  # fmt: skip
_RESTORERS = (
    *(
        Preset(f"{task}-{subject}", f"{does} {things}", Recipe(dataset, damage, UNet(filters=16, depth=2), _SMALL))
        for subject, (dataset, things) in _SMALL_THINGS.items()
        for task, (damage, does) in _SMALL_DAMAGE.items()
    ),
    Preset("denoise-photos", "Noise of any strength taken from photographs of any size", Recipe(
        _PATCHES, GaussianNoise(0.2, varied=True), Stack(filters=32, depth=12), _RESTORE,
    )),
    Preset("deblur-photos", "Blur of any strength taken from photographs of any size", Recipe(
        _PATCHES, GaussianBlur(3.0, varied=True), Stack(filters=32, depth=12), replace(_RESTORE, epochs=5),
    )),
    Preset("colour-photos", "Colours guessed for grey photographs of any size", Recipe(
        replace(_PATCHES, size=96, crops=32), Grey(), UNet(filters=16, depth=3, fold=2),
        replace(_RESTORE, epochs=2, loss="mse"),
    )),
    Preset("fill-faces", "Holes of any size filled in faces", Recipe(
        Faces(size=128), BlackBox(40, varied=True), UNet(filters=24, depth=3, fold=2, passing=True), _FACES,
    )),
    Preset("colour-faces", "Colours guessed for grey faces", Recipe(
        Faces(size=128), Grey(), UNet(filters=16, depth=3, fold=2), replace(_FACES, epochs=4),
    )),
)  # fmt: skip

_ENLARGE = replace(_RESTORE, epochs=8, learning_rate=0.0015, loss="charbonnier", optimizer="muon", ema=0.999)
_DECAYING = replace(_ENLARGE, weight_decay=0.5)
_TWICE = Photos(size=64, crops=64, turned=True)
_TIMES = {2: "twice", 3: "three times", 4: "four times"}
_SMALL_STACK = Stack(filters=32, depth=18)
_MIDDLE_STACK = Stack(filters=48, depth=20, residual=True)
_LARGE_STACK = Stack(filters=48, depth=32, residual=True)
_ANY = "1b42c834994069c0"  # the run of any-x2: fast-x2 begins with it
_FAST = {2: "8ed34e8db968e73a", 3: "80cdc7fd89850737", 4: "19105430b9d841b9"}  # the runs of fast-x2, -x3 and -x4
_BALANCED, _BEST = "141c44a0b5027e92", "612806015ae3da3e"  # the runs of balanced-x2 and best-x2


def _larger(factor: int) -> Photos:
    """Crops that have 32 px a side when they are made smaller."""
    return Photos(size=32 * factor, crops=256 // factor**2, turned=True)


def _grainy(factor: int) -> Photos:
    """The same, some of them with grain."""
    return replace(_larger(factor), grain=0.03)


_ENLARGERS = (
    Preset("any-x2", "Photographs twice as large, however they were made smaller", Recipe(
        _TWICE, Shrink(2, "mixed"), _SMALL_STACK, replace(_ENLARGE, epochs=32),
    )),
    Preset("fast-x2", "Photographs twice as large, quickly", Recipe(
        _TWICE, Shrink(2, "mostly"), _SMALL_STACK, replace(_ENLARGE, learning_rate=0.001, start_from=_ANY),
    )),
    *(
        Preset(f"fast-x{factor}", f"Photographs {_TIMES[factor]} as large, quickly", Recipe(
            _larger(factor), Shrink(factor, "mostly"), _SMALL_STACK, replace(_ENLARGE, start_from=_FAST[2]),
        ))
        for factor in (3, 4)
    ),
    Preset("balanced-x2", "Photographs twice as large", Recipe(
        _grainy(2), Shrink(2, "mostly"), _MIDDLE_STACK, replace(_DECAYING, epochs=32),
    )),
    Preset("best-x2", "Photographs twice as large, slowly", Recipe(
        _grainy(2), Shrink(2, "mostly"), _LARGE_STACK, replace(_DECAYING, epochs=40),
    )),
    *(
        Preset(f"{name}-x{factor}", f"Photographs {_TIMES[factor]} as large{how}", Recipe(
            _grainy(factor), Shrink(factor, "mostly"), stack, replace(_DECAYING, epochs=5, start_from=begun),
        ))
        for name, how, stack, begun in (
            ("balanced", "", _MIDDLE_STACK, _BALANCED), ("best", ", slowly", _LARGE_STACK, _BEST)
        )
        for factor in (3, 4)
    ),
    Preset("photo-x1", "Photographs cleaned of noise and traces of JPEG", Recipe(
        Photos(size=48, crops=64, turned=True), Worn(1), _SMALL_STACK,
        replace(_ENLARGE, epochs=4, start_from=_FAST[2]),
    )),
    *(
        Preset(f"photo-x{factor}", f"Photographs {times} as large, and cleaned of noise and traces of JPEG", Recipe(
            _larger(factor), Worn(factor), _SMALL_STACK, replace(_ENLARGE, epochs=4, start_from=_FAST[factor]),
        ))
        for factor, times in _TIMES.items()
    ),
)  # fmt: skip


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset("first-light", "Squeeze handwritten digits through 32 numbers", Recipe(
            Mnist(), model=Conv(filters=16, depth=2, latent_dim=32),
            fit=Fit(epochs=15, batch_size=32, learning_rate=0.002, loss="bce"),
        )),
        Preset("dense-mnist", "The published dense autoencoder on handwritten digits", Recipe(
            Mnist(), model=Dense(widths=(128,), latent_dim=64), fit=_PUBLISHED,
        )),
        Preset("dense-mnist-denoise", "The same network, taught to remove noise", Recipe(
            Mnist(), GaussianNoise(0.25), Dense(widths=(128,), latent_dim=64), _PUBLISHED,
        )),
        Preset("dense-mnist-32", "The published network with a code of 32 numbers", Recipe(
            Mnist(), model=Dense(widths=(128,), latent_dim=32), fit=_PUBLISHED,
        )),
        Preset("dense-mnist-16", "The published network with a code of 16 numbers", Recipe(
            Mnist(), model=Dense(widths=(128,), latent_dim=16), fit=_PUBLISHED,
        )),
        Preset("dense-mnist-2d", "The published network with a code of 2 numbers, to be looked at as a map", Recipe(
            Mnist(), model=Dense(widths=(128,), latent_dim=2), fit=_PUBLISHED,
        )),
        Preset("dense-mnist-no9", "The published network taught the digits 0 to 8, to be surprised by a 9", Recipe(
            Mnist(normal_classes=tuple(range(9))), model=Dense(widths=(128,), latent_dim=64), fit=_PUBLISHED,
        )),
        Preset("dense-fashion", "The published network on pictures of clothes", Recipe(
            FashionMnist(), model=Dense(widths=(128,), latent_dim=64), fit=_PUBLISHED,
        )),
        Preset("vae-mnist-2d", "A map of handwritten digits without gaps", Recipe(
            Mnist(), model=Variational(widths=(512, 256), latent_dim=2),
            fit=Fit(epochs=20, batch_size=256, learning_rate=0.002, schedule="cosine", loss="bce"),
        )),
        Preset("plain-mnist-2", "The same network without clouds: a map of handwritten digits with gaps", Recipe(
            Mnist(), model=Dense(widths=(512, 256), latent_dim=2, linear_code=True),
            fit=Fit(epochs=20, batch_size=256, learning_rate=0.002, schedule="cosine", loss="bce"),
        )),
        Preset("plain-mnist-32", "A code of 32 numbers for handwritten digits", Recipe(
            Mnist(), model=Conv(filters=16, depth=2, latent_dim=32), fit=_CODE,
        )),
        Preset("vae-mnist-16", "A code of 16 numbers without gaps, for handwritten digits", Recipe(
            Mnist(), model=Variational(body="conv", filters=16, depth=2, latent_dim=16), fit=_CODE,
        )),
        Preset("map-mnist-2d", "A map of handwritten digits that keeps neighbours together, told no class", Recipe(
            Mnist(), model=NeighbourMap(widths=(256, 256, 128)), fit=_MAP,
        )),
        Preset("vae-mnist-told", "Told the digit, the code keeps the handwriting", Recipe(
            Mnist(), model=Variational(widths=(256,), latent_dim=8, labels=True),
            fit=Fit(epochs=15, batch_size=128, learning_rate=0.003, schedule="cosine", loss="bce"),
        )),
        Preset("sparse-mnist", "More units than pixels, of which few are active", Recipe(
            Mnist(), model=Sparse(latent_dim=1024, penalty="kl", weight=0.5, rate=0.05),
            fit=Fit(epochs=10, batch_size=256, learning_rate=0.003, loss="bce"),
        )),
        Preset("conv-cifar-deblur", "The published deblurrer on small colour pictures", Recipe(
            Cifar10(augment=30), GaussianBlur(1.0), ConvDeblur(filters=(8, 16)),
            Fit(epochs=100, batch_size=512, learning_rate=0.001, loss="mse", validation_share=0.2),
        )),
        Preset("conv-faces-inpaint", "The published inpainter: black squares in faces", Recipe(
            Faces(size=128), BlackBox(size=28), ConvLatent(filters=(32, 64, 64, 64), latent_dim=300),
            Fit(epochs=15, batch_size=64, learning_rate=0.001, loss="mse"),
        )),
        Preset("conv-photo-sr", "The published small super-resolver: whole photographs, sharpened", Recipe(
            PhotoPairs(height=256, width=384), model=ConvSuperResolution(filters=(16, 32, 64)),
            fit=replace(_PAIRS, validation_steps=10),
        )),
        Preset("residual-photo-sr", "The published residual super-resolver, trained on crops of photographs", Recipe(
            PhotoPairs(height=96, width=96, crops=4), model=ResidualSuperResolution(filters=64, dropout=0.3),
            fit=_PAIRS,
        )),
        Preset("better-mnist", "More from the same digits and code: negative numbers, wider layers", Recipe(
            Mnist(), model=Dense(widths=(256,), latent_dim=64, linear_code=True),
            fit=Fit(epochs=8, batch_size=128, learning_rate=0.006, schedule="cosine", loss="bce", validation_share=0.0),
        )),
        Preset("better-mnist-no9", "Digits 0 to 8 as clouds: a 9 lights up units as none did", Recipe(
            Mnist(normal_classes=tuple(range(9))), model=Variational(widths=(1024,), latent_dim=20),
            fit=Fit(
                epochs=10, steps_per_epoch=150, batch_size=256, learning_rate=0.003, schedule="cosine", loss="bce",
            ),
        )),
        Preset("better-cifar-deblur", "A deblurrer that only learns what to add to the blurred picture", Recipe(
            Cifar10(augment=30), GaussianBlur(1.0), Stack(filters=32, depth=5),
            Fit(epochs=8, steps_per_epoch=200, batch_size=64, learning_rate=0.002, schedule="cosine", loss="mse"),
        )),
        Preset("better-faces-inpaint", "An inpainter that leaves alone what is not damaged", Recipe(
            Faces(size=128), BlackBox(size=28), UNet(filters=16, depth=3, fold=2),
            Fit(epochs=8, steps_per_epoch=225, batch_size=16, learning_rate=0.002, schedule="cosine", loss="psnr"),
        )),
        *_ENLARGERS,
        Preset("better-photo-sr", "A sharpener of whole photographs that leaves sharp ones alone", Recipe(
            PhotoPairs(height=256, width=384), model=Stack(filters=16, depth=5),
            fit=replace(_SHARPEN, batch_size=4, ema=0.95),
        )),
        Preset("better-residual-photo-sr", "A sharpener of crops that leaves sharp ones alone", Recipe(
            PhotoPairs(height=96, width=96, crops=4), model=Stack(filters=32, depth=8), fit=_SHARPEN,
        )),
        Preset("conv-mnist", "Convolutions instead of dense layers", Recipe(
            Mnist(), model=Conv(filters=16, depth=2, latent_dim=32), fit=Fit(epochs=10, batch_size=64, loss="bce"),
        )),
        *_LENGTHS,
        *_RESTORERS,
        Preset("plain-fashion-2", "The same network without clouds: a map of clothes with gaps", Recipe(
            FashionMnist(), model=Dense(widths=(256, 128), latent_dim=2, linear_code=True), fit=_FLAT,
        )),
        Preset("vae-fashion-2d", "A map of clothes without gaps", Recipe(
            FashionMnist(), model=Variational(widths=(256, 128), latent_dim=2), fit=_FLAT,
        )),
        Preset("map-fashion-2d", "A map of clothes that keeps neighbours together, told no class", Recipe(
            FashionMnist(), model=NeighbourMap(widths=(128, 128, 64)), fit=replace(_MAP, epochs=8),
        )),
    )
}  # fmt: skip


def preset_name(recipe: Recipe) -> str:
    """The name of the preset that is this recipe, or an empty text."""
    return next((item.name for item in PRESETS.values() if item.recipe == recipe), "")
