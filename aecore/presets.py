"""Named recipes that ship with the lab."""

from dataclasses import dataclass

from aecore.corruptions import GaussianNoise
from aecore.datasets.mnist import Mnist
from aecore.errors import RequestError
from aecore.fit import Fit
from aecore.models.conv import Conv
from aecore.models.dense import Dense
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
        Preset("conv-mnist", "Convolutions instead of dense layers", Recipe(
            Mnist(), model=Conv(filters=16, depth=2, latent_dim=32), fit=Fit(epochs=10, batch_size=64, loss="bce"),
        )),
    )
}  # fmt: skip


def preset(name: str) -> Preset:
    """The preset of a name.

    Raises:
        RequestError: There is none.
    """
    if name not in PRESETS:
        raise RequestError(f"There is no preset {name[:80]!r}; the lab has: {', '.join(PRESETS)}.")
    return PRESETS[name]


def preset_name(recipe: Recipe) -> str:
    """The name of the preset that is this recipe, or an empty text."""
    return next((item.name for item in PRESETS.values() if item.recipe == recipe), "")
