"""Weights by comparing in pairs, weighted sums, and what moves the winner: against computed figures and as rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.choice import ahp, scoring
from core.choice.criteria import example, frame_document, frame_of, random_index

VECTORS = json.loads(
    (Path(__file__).resolve().parents[1] / "data" / "design" / "choice_vectors.json").read_text(
        encoding="utf-8"
    )
)
FRAME = frame_of(frame_document())
MILLIONTH = 1.5e-6  # the figures are given to six digits

judgements = st.sampled_from(ahp.JUDGEMENTS)


@st.composite
def answered(draw: st.DrawFn) -> tuple[list[str], dict[str, int]]:
    codes = [f"c{n}" for n in range(draw(st.integers(2, 9)))]
    pairs = [(a, b) for n, a in enumerate(codes) for b in codes[n + 1 :]]
    return codes, {ahp.pair_key(a, b): draw(judgements) for a, b in pairs}


weights = st.lists(st.integers(0, 10), min_size=2, max_size=7).filter(any)


# --- the eigenvector ------------------------------------------------------------------------------


def test_the_example_weighs_as_computed():
    found = ahp.weigh(FRAME.codes, example()["judgements"])
    known = VECTORS["example"]
    assert found.lambda_max == pytest.approx(known["lambda_max"], abs=MILLIONTH)
    assert found.weights == pytest.approx(known["weights"], abs=MILLIONTH)
    assert found.index == pytest.approx(known["CI"], abs=MILLIONTH)
    assert found.ratio == pytest.approx(known["CR"], abs=MILLIONTH)


def test_the_example_is_the_matrix_of_the_figures():
    matrix = ahp.matrix_of(FRAME.codes, example()["judgements"])
    for row, known in zip(matrix, VECTORS["example"]["matrix"], strict=True):
        assert row == pytest.approx(known, abs=MILLIONTH)


def test_a_consistent_matrix_weighs_as_computed():
    [known] = [each for each in VECTORS["matrices"] if "note" not in each]
    found = ahp.compare("abc", known["matrix"])
    assert list(found.weights.values()) == pytest.approx(known["weights"], abs=MILLIONTH)
    assert found.lambda_max == pytest.approx(known["lambda_max"], abs=MILLIONTH)
    assert found.ratio == pytest.approx(known["CR"], abs=MILLIONTH)


def test_a_circle_of_preferences_is_refused_with_its_worst_pair():
    [known] = [each for each in VECTORS["matrices"] if "note" in each]
    with pytest.raises(ahp.InconsistentComparison) as refused:
        ahp.compare("abc", known["matrix"])
    problem = refused.value
    assert problem.ratio == pytest.approx(known["CR"], abs=MILLIONTH)
    # All three pairs contradict equally: the first one is named.
    assert (problem.first, problem.second, problem.stated) == ("a", "b", 5)
    assert problem.implied == pytest.approx(1)


def test_the_one_answer_turned_round_is_the_pair_that_is_named():
    codes = ["volume", "journey_length", "team_readiness", "data_availability"]
    kept = {"volume:journey_length": 2, "volume:team_readiness": 4, "volume:data_availability": 8}
    kept |= {"journey_length:team_readiness": 2, "journey_length:data_availability": 4}
    kept["team_readiness:data_availability"] = 2
    assert ahp.weigh(codes, kept).ratio == pytest.approx(0, abs=1e-9)
    kept["volume:data_availability"] = -8
    with pytest.raises(ahp.InconsistentComparison) as refused:
        ahp.weigh(codes, kept)
    problem = refused.value
    assert (problem.first, problem.second, problem.stated) == ("data_availability", "volume", 8)
    assert 1 < problem.implied < 2  # far from the 8 that was said
    assert "“Data within reach” against “Patient volume”: you said 8 : 1" in problem.text("en")
    assert "“数据可得”与“患者量”" in problem.text("zh") and "{" not in problem.text("zh")


def test_a_pair_without_an_answer_has_no_weight():
    kept = example()["judgements"]
    kept.popitem()
    with pytest.raises(ahp.ComparisonIncomplete) as refused:
        ahp.weigh(FRAME.codes, kept)
    assert (refused.value.done, refused.value.needed) == (20, 21)


@pytest.mark.parametrize(
    "matrix", [[[1, 2], [2, 1]], [[1, 0], [0, 1]], [[1, -2], [-0.5, 1]], [[2, 1], [1, 1]]]
)
def test_a_matrix_that_is_none_is_an_error(matrix):
    with pytest.raises(ValueError):
        ahp.principal(matrix)


def test_random_indices_are_saatys():
    assert {str(n): random_index(n) for n in range(1, 11)} == VECTORS["random_index"]
    with pytest.raises(ValueError):
        random_index(11)


def test_two_things_cannot_contradict_each_other():
    assert ahp.weigh(["a", "b"], {"a:b": 9}).ratio == 0
    assert ahp.weigh(["a", "b"], {"a:b": 9}).weights == pytest.approx({"a": 0.9, "b": 0.1})


@given(answered())
def test_every_matrix_is_reciprocal_and_its_weights_sum_to_one(given):
    matrix = ahp.matrix_of(*given)
    size = range(len(matrix))
    assert all(matrix[i][j] * matrix[j][i] == pytest.approx(1) for i in size for j in size)
    found, lambda_max = ahp.principal(matrix)
    assert sum(found) == pytest.approx(1) and min(found) > 0
    assert lambda_max >= len(matrix) - 1e-9
    for i in size:
        product = sum(matrix[i][j] * found[j] for j in size)
        assert product == pytest.approx(lambda_max * found[i], rel=1e-6)


@given(st.lists(st.floats(0.1, 10), min_size=3, max_size=9))
def test_answers_that_agree_give_back_the_weights_they_came_from(truth):
    matrix = [[a / b for b in truth] for a in truth]
    found = ahp.compare([str(n) for n in range(len(truth))], matrix)
    assert list(found.weights.values()) == pytest.approx([each / sum(truth) for each in truth])
    assert found.ratio == pytest.approx(0, abs=1e-6)


@given(answered())
def test_turning_every_answer_round_turns_no_consistency(given):
    codes, kept = given
    round_ = {key: value if value == 1 else -value for key, value in kept.items()}
    one, other = (ahp.principal(ahp.matrix_of(codes, each))[1] for each in (kept, round_))
    assert one == pytest.approx(other, rel=1e-6)


# --- weighted sums --------------------------------------------------------------------------------


def test_the_example_totals_are_as_computed():
    known = VECTORS["example"]
    found = scoring.totals(known["weights"], known["scores"])
    assert found == pytest.approx(known["totals"], abs=5e-5)
    assert next(iter(found)) == "产科"


def test_no_weight_moved_by_a_quarter_changes_the_winner_of_the_example():
    known = VECTORS["example"]
    found = scoring.movements(known["weights"], known["scores"])
    assert len(found) == 14
    assert [each for each in found if each.leaders != ("产科",)] == known["flips"] == []


def test_a_winner_that_hangs_on_one_weight_is_found_out():
    scores = {"first": {"a": 5, "b": 1}, "second": {"a": 1, "b": 5}}
    found = scoring.movements({"a": 0.52, "b": 0.48}, scores)
    flips = {(each.code, each.share): each.leaders for each in found if each.leaders != ("first",)}
    assert flips == {("a", -0.25): ("second",), ("b", 0.25): ("second",)}


def test_a_moved_weight_is_a_quarter_more_and_the_others_keep_their_proportions():
    found = scoring.moved({"a": 0.4, "b": 0.4, "c": 0.2}, "a", 0.25)
    assert found == pytest.approx({"a": 0.5, "b": 1 / 3, "c": 1 / 6})


def test_a_weight_never_grows_above_all():
    assert scoring.moved({"a": 0.9, "b": 0.1}, "a", 0.25) == {"a": 1.0, "b": 0.0}
    assert scoring.moved({"a": 1.0, "b": 0.0, "c": 0.0}, "a", -0.25) == {"a": 0.75, "b": 0.125, "c": 0.125}


def test_level_candidates_share_a_place_and_the_next_is_skipped():
    ordered = scoring.totals({"a": 1.0}, {"x": {"a": 3}, "y": {"a": 5}, "z": {"a": 3}, "w": {"a": 1}})
    assert scoring.ranks(ordered) == {"y": 1, "x": 2, "z": 2, "w": 4}
    assert scoring.leaders(ordered) == ("y",)
    assert scoring.lead(ordered) == 2
    assert scoring.lead({"x": 3.0}) is None and scoring.lead({"x": 3.0, "y": 3.0}) == 0


@pytest.mark.parametrize("points", [{"a": 0, "b": 0}, {"a": 2, "b": -1}])
def test_points_that_weigh_nothing_are_an_error(points):
    with pytest.raises(ValueError):
        scoring.shares(points)


@given(weights, st.integers(1, 1000))
def test_only_the_proportions_of_points_matter(points, factor):
    plain = scoring.shares({str(n): each for n, each in enumerate(points)})
    larger = scoring.shares({str(n): each * factor for n, each in enumerate(points)})
    assert plain == pytest.approx(larger)
    assert sum(plain.values()) == pytest.approx(1)


@given(weights, st.data())
def test_moved_weights_sum_to_one_and_none_is_negative(points, data):
    plain = scoring.shares({str(n): each for n, each in enumerate(points)})
    code = data.draw(st.sampled_from(sorted(plain)))
    share = data.draw(st.sampled_from([0.25, -0.25]))
    found = scoring.moved(plain, code, share)
    assert sum(found.values()) == pytest.approx(1)
    assert min(found.values()) >= 0
    assert found[code] == pytest.approx(min(1, plain[code] * (1 + share)))


@given(weights, st.data())
def test_a_total_is_the_sum_of_its_parts_and_lies_between_one_and_five(points, data):
    plain = scoring.shares({str(n): each for n, each in enumerate(points)})
    scores = {code: data.draw(st.integers(1, 5)) for code in plain}
    whole = scoring.total(plain, scores)
    assert whole == pytest.approx(sum(scoring.contributions(plain, scores).values()))
    assert min(scores.values()) - 1e-9 <= whole <= max(scores.values()) + 1e-9
