"""Named recipes that ship with the lab."""

from dataclasses import dataclass

from aecore.corruptions import BlackBox, GaussianBlur, GaussianNoise, Shrink
from aecore.datasets.cifar10 import Cifar10
from aecore.datasets.faces import Faces
from aecore.datasets.fashion_mnist import FashionMnist
from aecore.datasets.mnist import Mnist
from aecore.datasets.photos import Photos
from aecore.fit import Fit
from aecore.models.conv import Conv
from aecore.models.conv_deblur import ConvDeblur
from aecore.models.conv_latent import ConvLatent
from aecore.models.dense import Dense
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

_ENLARGE = Fit(
    epochs=30, steps_per_epoch=1000, batch_size=16, learning_rate=0.001, schedule="cosine", loss="mae",
    ema=0.999, gradient_clip=1.0, precision="mixed_bfloat16", validation_share=0.0,
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
        Preset("better-mnist", "More from the same digits and code: negative numbers, wider layers", Recipe(
            Mnist(), model=Dense(widths=(256,), latent_dim=64, linear_code=True),
            fit=Fit(epochs=8, batch_size=128, learning_rate=0.006, schedule="cosine", loss="bce", validation_share=0.0),
        )),
        Preset("better-cifar-deblur", "A deblurrer that only learns what to add to the blurred picture", Recipe(
            Cifar10(augment=30), GaussianBlur(1.0), Stack(filters=32, depth=5),
            Fit(epochs=8, steps_per_epoch=200, batch_size=64, learning_rate=0.002, schedule="cosine", loss="mse"),
        )),
        Preset("better-faces-inpaint", "An inpainter that leaves alone what is not damaged", Recipe(
            Faces(size=128), BlackBox(size=28), UNet(filters=16, depth=4),
            Fit(epochs=8, steps_per_epoch=150, batch_size=16, learning_rate=0.002, schedule="cosine", loss="mse"),
        )),
        Preset("fast-x2", "Photographs twice as large, quickly", Recipe(
            Photos(size=64, crops=64, turned=True), Shrink(2, "mixed"), Stack(filters=32, depth=18), _ENLARGE,
        )),
        Preset("conv-mnist", "Convolutions instead of dense layers", Recipe(
            Mnist(), model=Conv(filters=16, depth=2, latent_dim=32), fit=Fit(epochs=10, batch_size=64, loss="bce"),
        )),
    )
}  # fmt: skip


def preset_name(recipe: Recipe) -> str:
    """The name of the preset that is this recipe, or an empty text."""
    return next((item.name for item in PRESETS.values() if item.recipe == recipe), "")
