from __future__ import annotations

import pytest

from core.clinical import scales

FULL = [10, 5, 5, 10, 10, 10, 10, 15, 15, 10]


@pytest.mark.parametrize("score", [-1, 11, 3.5, True, None, "3"])
def test_pain_is_a_whole_number_of_the_scale(score):
    with pytest.raises(scales.PainOutsideScale) as refusal:
        scales.nrs(score)
    assert "10" in refusal.value.text("zh")


def test_the_band_set_is_part_of_the_result():
    assert scales.nrs(4).band_set == "0/1-3/4-6/7-10"
    first, second = scales.barthel_band_sets()
    assert scales.barthel(FULL).band_set == first
    assert scales.barthel(FULL, second).band_set == second


def test_the_same_total_has_another_band_in_another_set():
    scores = [10, 0, 5, 5, 10, 10, 5, 5, 10, 0]
    _, other = scales.barthel_band_sets()
    assert scales.barthel(scores).band.code == "medium" == scales.barthel(scores, other).band.code
    lower = [5, 0, 0, 5, 10, 10, 0, 5, 5, 0]
    assert scales.barthel(lower).total == scales.barthel(lower, other).total == 40
    lowest = [0, 0, 0, 0, 5, 5, 0, 5, 0, 0]
    assert (scales.barthel(lowest).label("en"), scales.barthel(lowest, other).label("en")) == (
        "Severely dependent",
        "Fully dependent",
    )


def test_items_are_named_in_both_languages():
    names = [item.name for item in scales.barthel_items()]
    assert names[0] == "Feeding" and len(set(names)) == 10
    assert scales.translator("zh")(names[0]) == "进食"


@pytest.mark.parametrize("scores", [FULL[:9], [*FULL, 5], []])
def test_every_item_is_answered_once(scores):
    with pytest.raises(scales.WrongNumberOfItems):
        scales.barthel(scores)


@pytest.mark.parametrize("score", [7, 15, -5, 5.0, True, None])
def test_a_score_the_item_does_not_offer_is_refused(score):
    with pytest.raises(scales.NotAnOption) as refusal:
        scales.barthel([score, *FULL[1:]])
    assert refusal.value.text("zh").startswith("进食")


def test_an_unknown_band_set_is_refused():
    with pytest.raises(scales.UnknownBandSet):
        scales.barthel(FULL, "0-50/51-100")
