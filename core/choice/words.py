"""A study in sentences, for screens and print: judgements, standing, what a moved weight does, where weights come
from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.choice.criteria import Criterion, consistency_limit
from core.choice.result import Result
from core.choice.scoring import MOVE
from core.choice.study import Candidate, Study
from core.foundation.language import N_, number_text, percent_text, translator

SCALE = {
    1: N_("“{more}” and “{less}” count equally"),
    2: N_("“{more}” counts a shade more than “{less}”"),
    3: N_("“{more}” counts somewhat more than “{less}”"),
    4: N_("“{more}” counts somewhat to clearly more than “{less}”"),
    5: N_("“{more}” counts clearly more than “{less}”"),
    6: N_("“{more}” counts clearly to much more than “{less}”"),
    7: N_("“{more}” counts much more than “{less}”"),
    8: N_("“{more}” counts much to overwhelmingly more than “{less}”"),
    9: N_("“{more}” counts overwhelmingly more than “{less}”"),
}


def judgement_text(first: Criterion, second: Criterion, judgement: int | None, language: str) -> str:
    """One comparison as a sentence, with short names: it must be read whole on a phone. None is "not compared
    yet"."""
    _ = translator(language)
    if judgement is None:
        return _("not compared yet")
    more, less = (first, second) if judgement > 0 else (second, first)
    return _(SCALE[abs(judgement)], more=more.short(language), less=less.short(language))


def points_text(value: float, language: str) -> str:
    """A total or a lead to two digits."""
    return number_text(value, language, "0.00")


def standing_text(result: Result, language: str) -> str:
    """Who stands first and by how much."""
    _ = translator(language)
    if not result.standings:
        return _("Nobody is ranked yet: no candidate that stays in has all its scores.")
    first = result.standings[0]
    if len(result.leaders) > 1:
        names = joined([each.name for each in result.leaders], language)
        return _("{names} are level in first place, with {total} of 5 points each.",
                 names=names, total=points_text(first.total, language))  # fmt: skip
    if result.lead is None:
        return _("{name} has {total} of 5 points. Nobody else is ranked.",
                 name=first.candidate.name, total=points_text(first.total, language))  # fmt: skip
    return _("{name} stands first with {total} of 5 points, {lead} ahead of {next}.",
             name=first.candidate.name, total=points_text(first.total, language),
             lead=points_text(result.lead, language), next=result.standings[1].candidate.name)  # fmt: skip


def sensitivity_words(study: Study, result: Result, language: str) -> list[str]:
    """What becomes of the first place when any one weight moves by a quarter either way."""
    _ = translator(language)
    if len(result.standings) < 2:
        return [_("With fewer than two ranked candidates no weight can change the winner.")]
    share = percent_text(MOVE, language, 0)
    cases, flips = len(result.movements), len(result.flips)
    about = _("Each weight was moved {share} up and {share} down, the others rescaled: {cases} cases.",
              share=share, cases=cases)  # fmt: skip
    if flips:
        return [about, *_flip_words(study, result, language)]
    if len(result.leaders) > 1:
        return [about, _("They stay level in every case.")]
    closest = min(result.movements, key=lambda each: each.lead if each.lead is not None else 0)
    kept = _("{name} stays first in every case.", name=result.leaders[0].name)
    text = (
        _("The lead is smallest, {lead}, when “{criterion}” weighs {share} more.",
          lead=points_text(closest.lead or 0, language), share=share,
          criterion=study.frame.criterion(closest.code).name(language))
        if closest.share > 0
        else _("The lead is smallest, {lead}, when “{criterion}” weighs {share} less.",
               lead=points_text(closest.lead or 0, language), share=share,
               criterion=study.frame.criterion(closest.code).name(language))
    )  # fmt: skip
    return [about, kept, text]


def _flip_words(study: Study, result: Result, language: str) -> list[str]:
    """One sentence for each new first place, with the movements that bring it about."""
    _ = translator(language)
    by_leaders: dict[tuple[object, ...], list[str]] = {}
    for each in result.flips:
        sign = "+" if each.share > 0 else "\u2212"
        name = study.frame.criterion(each.code).name(language)
        by_leaders.setdefault(each.leaders, []).append(
            f"{name} {sign}{percent_text(abs(each.share), language, 0)}"
        )
    said = [
        _("The first place changes in {flips} of {cases} cases, so talk about these weights before you decide.",
          flips=len(result.flips), cases=len(result.movements))
    ]  # fmt: skip
    for keys, moves in by_leaders.items():
        names = joined([study.candidate(int(str(key))).name for key in keys], language)
        text = N_("{names} stands first with: {moves}.") if len(keys) == 1 else N_(
            "{names} stand level in first place with: {moves}."
        )  # fmt: skip
        said.append(_(text, names=names, moves=joined(moves, language)))
    return said


def weights_text(study: Study, result: Result, language: str) -> str:
    """Where the weights come from."""
    _ = translator(language)
    if result.comparison is None:
        return _("Weights set by slider; together they make 100%.")
    return _("Weights from comparing the criteria in pairs (AHP): consistency ratio {ratio}, at most {limit}.",
             ratio=number_text(result.comparison.ratio, language, "0.000"),
             limit=number_text(consistency_limit(), language, "0.00"))  # fmt: skip


def out_text(study: Study, candidate: Candidate, language: str) -> str:
    """Why a candidate is ruled out, with the evidence."""
    _ = translator(language)
    reasons = [
        _("{knockout} (evidence: {evidence})", knockout=each.name(language),
          evidence=candidate.answer(each.code).evidence)
        for each in candidate.out_by(study.frame)
    ]  # fmt: skip
    return joined(reasons, language)


def joined(parts: Sequence[str], language: str) -> str:
    """Several things in one line, as the language lists them."""
    join: Callable[[Sequence[str]], str] = ("、" if language == "zh" else ", ").join
    return join(parts)
