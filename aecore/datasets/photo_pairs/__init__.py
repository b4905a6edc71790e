"""Pairs of photographs: one that was shrunk and enlarged again, and the one that it came from."""

from aecore.datasets.photo_pairs.files import worsened
from aecore.datasets.photo_pairs.listing import pairs_in
from aecore.datasets.photo_pairs.part import PhotoPairs
from aecore.datasets.photo_pairs.splits import split_of

__all__ = ["PhotoPairs", "pairs_in", "split_of", "worsened"]
