"""The recipe: everything that decides what a training gives, and nothing else.

>>> recipe = Recipe().setting("model.latent_dim", "16").setting("corruption", "gaussian")
>>> recipe.model.latent_dim, recipe.corruption.kind, Recipe.from_json(recipe.to_json()) == recipe
(16, 'gaussian', True)
"""

import dataclasses
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from aecore.corruptions import CORRUPTIONS, Corruption, NoCorruption
from aecore.datasets import DATASETS, Data, Dataset, Pin, WithClass
from aecore.datasets.mnist import Mnist
from aecore.errors import RequestError
from aecore.fit import FITS, Fit
from aecore.models import MODELS, Model
from aecore.models.dense import Dense
from aecore.params import Part, Registry, digest

FAMILIES: dict[str, Registry] = {"dataset": DATASETS, "corruption": CORRUPTIONS, "model": MODELS, "fit": FITS}


@dataclass(frozen=True)
class Recipe:
    """Dataset, corruption, model and fit: the only configuration there is.

    Raises:
        RequestError: The parts do not go together (a hole larger than the image, pairs with a corruption…).
    """

    dataset: Dataset = field(default_factory=Mnist)
    corruption: Corruption = field(default_factory=NoCorruption)
    model: Model = field(default_factory=Dense)
    fit: Fit = field(default_factory=Fit)

    def __post_init__(self) -> None:
        if self.dataset.paired and not self.corruption.identity:
            raise RequestError(
                f"{self.dataset.title} brings its own damaged images, so the damage must be “none”; "
                f"received {self.corruption.kind!r}."
            )
        if self.model.told_classes and (not self.dataset.classes or self.dataset.paired):
            raise RequestError(
                f"{self.model.title} is to be told the class of each image, and {self.dataset.title} has no classes; "
                f"choose images with classes, or do not tell it."
            )
        if self.model.told_classes and not self.corruption.identity:
            raise RequestError(
                f"{self.model.title} is told the class of undamaged images only; choose no damage (received "
                f"{self.corruption.kind!r}), or do not tell it."
            )
        self.corruption.output_shape(self.dataset.input_shape)  # refuses images that it cannot damage

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """Shape (h, w, c) of what the network is given."""
        return self.model.input_shape(self.corruption.output_shape(self.dataset.input_shape))

    @property
    def target_shape(self) -> tuple[int, int, int]:
        """Shape (H, W, C) of what the network should give back."""
        return self.dataset.shape

    @property
    def latent_dim(self) -> int | None:
        """Numbers in the code, or None for a network without a latent vector."""
        return self.model.latent_dim if self.model.has_latent else None

    @property
    def compression(self) -> float | None:
        """Numbers of the picture that is given, per latent number; a class that is told besides does not count."""
        given = self.corruption.output_shape(self.dataset.input_shape)
        return math.prod(given) / self.latent_dim if self.latent_dim else None

    def to_json(self) -> dict[str, Any]:
        """The recipe as plain JSON values."""
        return {family: getattr(self, family).to_json() for family in FAMILIES}

    @classmethod
    def from_json(cls, value: Any) -> "Recipe":
        """Rebuilds a recipe; parts that are left out keep their defaults.

        Raises:
            RequestError: It is no recipe, or holds something unknown.
        """
        if not isinstance(value, dict):
            raise RequestError(f"A recipe is a JSON object with {', '.join(FAMILIES)}; received {str(value)[:80]}.")
        if unknown := set(value) - set(FAMILIES) - {"data"}:
            received = ", ".join(sorted(unknown))[:80]
            raise RequestError(f"A recipe holds {', '.join(FAMILIES)}; received also {received}.")
        return cls(**{family: FAMILIES[family].from_json(value[family]) for family in FAMILIES if family in value})

    def setting(self, path: str, value: Any) -> "Recipe":
        """A copy with one setting changed.

        Args:
            path: `part.field` ("model.latent_dim"), or `part` alone to choose another kind ("corruption").
            value: The new value, or its text.

        Raises:
            RequestError: There is no such setting, or it does not accept the value.
        """
        family, _, name = path.partition(".")
        if family not in FAMILIES:
            raise RequestError(f"There is no setting {path!r}; settings begin with {', '.join(FAMILIES)}.")
        part = getattr(self, family)
        changed = part.replace(**{name: value}) if name else FAMILIES[family][value]()
        return dataclasses.replace(self, **{family: changed})

    def parts(self) -> dict[str, Part]:
        """The four parts by family."""
        return {family: getattr(self, family) for family in FAMILIES}

    def load(self, pin: Pin) -> Data:
        """Loads the data that `pin` names, with what the network is told of it.

        Raises:
            NotAtHand: It is no longer on this machine.
        """
        return self.told(self.dataset.load(pin))

    def told(self, data: Data) -> Data:
        """Loaded data with the class of each image beside it, where the network is told."""
        if not self.model.told_classes:
            return data
        sides = (data.train, data.test, data.abnormal)
        told = [side and dataclasses.replace(side, inputs=WithClass(side.images, side.labels)) for side in sides]
        return dataclasses.replace(data, train=told[0], test=told[1], abnormal=told[2])

    def picture(self, inputs: np.ndarray) -> np.ndarray:
        """The channels of what a network is given (N, h, w, c) that are a picture."""
        return inputs[..., :-1] if self.model.told_classes else inputs

    def resolve(self) -> "ResolvedRecipe":
        """Pins the dataset to what is really at hand.

        Raises:
            NotAtHand: The data is not on this machine.
        """
        return ResolvedRecipe(self, self.dataset.resolve())


@dataclass(frozen=True)
class ResolvedRecipe:
    """A recipe with its dataset pinned: what a run is made from, and known by."""

    recipe: Recipe
    data: Pin

    @property
    def key(self) -> str:
        """16 hex digits; equal on every machine, for equal parts, settings, versions and data."""
        return digest(self.to_json())

    def to_json(self) -> dict[str, Any]:
        """The recipe's JSON with the pin as `data`."""
        return {**self.recipe.to_json(), "data": self.data.to_json()}

    @classmethod
    def from_json(cls, value: Any) -> "ResolvedRecipe":
        """Rebuilds a resolved recipe.

        Raises:
            RequestError: It is no resolved recipe.
        """
        if not isinstance(value, dict) or not isinstance(value.get("data"), dict):
            raise RequestError(f"A resolved recipe has “data” with source, train and test; received {str(value)[:80]}.")
        return cls(Recipe.from_json(value), Pin(**value["data"]))
