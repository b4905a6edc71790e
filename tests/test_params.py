import math
import subprocess
import sys
from dataclasses import dataclass

import pytest

from aecore.corruptions import CORRUPTIONS
from aecore.datasets import DATASETS
from aecore.errors import RequestError
from aecore.fit import FITS
from aecore.models import MODELS
from aecore.params import Part, Registry, canonical_json, digest, param

ALL_PARTS = [part for registry in (CORRUPTIONS, DATASETS, FITS, MODELS) for part in registry.values()]
ALL_PARAMS = [(part, name) for part in ALL_PARTS for name in part.params()]


@pytest.mark.parametrize("part", ALL_PARTS, ids=lambda part: part.__name__)
class TestEveryPart:
    def test_survives_json(self, part):
        registry = next(r for r in (CORRUPTIONS, DATASETS, FITS, MODELS) if part in r.values())
        assert registry.from_json(part().to_json()) == part()

    def test_says_what_it_is(self, part):
        assert part.caption().endswith(".") and len(part.caption()) < 110
        assert part.explanation() and part.title

    def test_labels_and_explains_its_settings(self, part):
        for declared in part.params().values():
            assert declared.label and declared.help

    def test_refuses_a_setting_it_does_not_have(self, part):
        with pytest.raises(RequestError, match="has no setting 'colour_of_the_sky'"):
            part().replace(colour_of_the_sky="blue")


@pytest.mark.parametrize("part, name", ALL_PARAMS, ids=lambda item: getattr(item, "__name__", item))
class TestEverySetting:
    def test_accepts_its_bounds_and_refuses_what_is_beyond(self, part, name):
        declared = part.params()[name]
        if isinstance(declared.default, (str, bool, tuple)):
            return
        for bound, beyond in ((declared.low, -1), (declared.high, 1)):
            if bound is not None:
                assert declared.check(bound, name) == bound
                with pytest.raises(RequestError, match=name):
                    declared.check(bound + beyond * max(1, abs(bound)), name)

    @pytest.mark.parametrize("wrong", [math.nan, math.inf, None, [[]], "many many", {}], ids=str)
    def test_refuses_what_is_no_value(self, part, name, wrong):
        declared = part.params()[name]
        if isinstance(declared.default, str) and isinstance(wrong, str) and not declared.choices:
            return
        with pytest.raises(RequestError, match=name):
            declared.check(wrong, name)

    def test_reads_its_default_back_from_text(self, part, name):
        declared = part.params()[name]
        text = ",".join(map(str, declared.default)) if isinstance(declared.default, tuple) else str(declared.default)
        assert declared.check(text, name) == declared.default


SHAPES = Registry("shape")


@SHAPES("blob")
@dataclass(frozen=True)
class Blob(Part):
    """A blob.

    For this test.
    """

    size: float = param(0.5, low=-1, high=10, label="Size", help="How large.")
    corners: tuple[int, ...] = param((1, 2), low=0, high=9, most=3, label="Corners", help="Which.")
    count: int = param(3, low=0, high=9, label="Count", help="How many.")


def test_equal_settings_have_equal_keys_however_they_are_written():
    spellings = [
        Blob(0.3, [1, 2], 1),
        Blob(0.1 + 0.2, (1.0, 2.0), 1.0),
        Blob(corners="1,2", count="1", size="0.3"),
        SHAPES.from_json({"count": 1, "kind": "blob", "size": 0.30000000000000004}),
    ]
    assert len({digest(blob.to_json()) for blob in spellings}) == 1


def test_a_float_that_is_whole_is_written_like_any_other():
    assert canonical_json(Blob(1).to_json()) == canonical_json(Blob(1.0).to_json())
    assert canonical_json(Blob(-0.0).to_json()) == canonical_json(Blob(0).to_json())


def test_different_settings_have_different_keys():
    assert digest(Blob(0.3).to_json()) != digest(Blob(0.31).to_json())


def test_a_key_is_the_same_in_another_process():
    code = "from aecore.recipe import Recipe; from aecore.params import digest; print(digest(Recipe().to_json()))"
    keys = {subprocess.check_output([sys.executable, "-c", code], text=True) for _ in range(2)}
    from aecore.recipe import Recipe

    assert keys == {digest(Recipe().to_json()) + "\n"}


def test_an_unknown_kind_gets_a_sentence_with_the_known_ones():
    with pytest.raises(RequestError, match="no shape 'star'; the lab has: blob"):
        SHAPES["star"]


def test_another_version_is_not_taken_for_this_one():
    with pytest.raises(RequestError, match="version 7 in this recipe"):
        SHAPES.from_json({"kind": "blob", "version": 7})


def test_a_boolean_is_not_a_number():
    with pytest.raises(RequestError):
        Blob(size=True)
