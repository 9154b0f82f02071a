"""The published tables and vectors, held against the program: one function per reference file.

Used twice: pytest runs them on the real constants, where they must pass, and `mutate_constants` on spoilt ones,
where they must fail. Tolerances: 0.1 mm, 1 g, 0.05 mm (CRL), 0.5 day against printed tables, which are rounded;
0.0001 against the equations evaluated by somebody else's program.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from core.clinical import dating, fetal_growth, fetal_weight, plausibility, scales
from core.foundation.errors import Refusal

DATA = Path(__file__).resolve().parents[1] / "data" / "clinical"
MEASURES = {
    "EFW_INTERGROWTH_2017": "EFW_2017",
    "EFW_HADLOCK3_IG_2020": "EFW_HADLOCK_2020",
    "CRL_for_GA": "CRL",
}
CENTILES = {"P03": 3, "P10": 10, "P50": 50, "P90": 90, "P97": 97}
DEVIATIONS = {"SD2neg": -2, "SD1": 1, "SD2": 2}
# Cells of the printed table that its own neighbours contradict; listed in docs/numbers.md.
HADLOCK_1991_MISPRINTS = {("22", "P10"), ("30", "P97")}
LAST_PERIOD = date(2025, 1, 1)


@cache
def vectors(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@cache
def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def close(found: float, wanted: float, tolerance: float, what: object) -> None:
    assert abs(found - wanted) <= tolerance, f"{what}: {found} instead of {wanted}"


def refused(call: Callable[[], object]) -> Refusal:
    try:
        answer = call()
    except Refusal as refusal:
        return refusal
    raise AssertionError(f"answered {answer} instead of refusing")


def growth_tables() -> None:
    tolerance = {"mm": 0.1, "cm": 0.1, "g": 1.0}
    for row in rows("fetal_test_vectors.csv"):
        if row["measure"] == "GA_for_CRL":
            continue
        measure, days = MEASURES.get(row["measure"], row["measure"]), int(row["ga_days"])
        if row["table"] == "centiles":
            found = fetal_growth.value_at(measure, days, CENTILES[row["stat"]])
        else:
            found = fetal_growth.standard(measure).value(days, DEVIATIONS[row["stat"]])
        allowed = 0.05 if measure == "CRL" else tolerance[row["unit"]]
        close(found, float(row["published"]), allowed, row)
        close(found, float(row["equation"]), 0.0001, row)
    for row in vectors("fetal_value_to_z_vectors.json"):
        measure = MEASURES.get(row["measure"], row["measure"])
        close(fetal_growth.z_score(measure, row["ga_days"], row["value"]), row["z"], 0.0001, row)
        close(fetal_growth.centile_of(measure, row["ga_days"], row["value"]), row["centile"], 0.01, row)


def hadlock_1991_table() -> None:
    for row in rows("hadlock1991_table1.csv"):
        days = int(row["ga_weeks"]) * 7
        close(value_1991(days, 50), float(row["p50_equation"]), 0.006, row)
        close(value_1991(days, 10), float(row["p10_table_sd"]), 0.06, row)
        for column in ("P3", "P10", "P50", "P90", "P97"):
            if (row["ga_weeks"], column) in HADLOCK_1991_MISPRINTS:
                continue
            # The outer columns were printed as 0.75 and 1.25 of the rounded median, hence the wider margin.
            printed = float(row[column])
            allowed = max(1.4, 0.002 * printed) if column in ("P3", "P97") else 1.0
            close(value_1991(days, int(column[1:])), printed, allowed, (column, row))


def value_1991(days: int, centile: int) -> float:
    return fetal_growth.value_at("EFW_HADLOCK_1991", days, centile)


def growth_limits() -> None:
    limits = vectors("limits.json")["standards_days"]
    assert set(limits) == set(fetal_growth.standards())
    for measure, (first, last) in limits.items():
        for days in (first, last):
            assert fetal_growth.value_at(measure, days, 50) > 0
        for days in (first - 0.01, last + 0.01):
            refusal = refused(lambda m=measure, d=days: fetal_growth.value_at(m, d, 50))
            assert isinstance(refusal, fetal_growth.OutsideStandard)


def weight_formulas() -> None:
    for row in rows("fetal_efw_formula_vectors.csv"):
        lengths = {
            name: float(row[f"{name}_cm"]) * 10 for name in ("BPD", "HC", "AC", "FL") if row[f"{name}_cm"]
        }
        found = fetal_weight.estimated_weight_by(row["formula"], **lengths)
        close(found, float(row["efw_g"]), 0.5 if row["origin"].startswith("PUBLISHED") else 0.006, row)
        if row["formula"] == "HADLOCK_HC_AC_FL":
            same = fetal_weight.estimated_weight(lengths["HC"], lengths["AC"], lengths["FL"])
            close(same, found, 0, row)


def weight_limits() -> None:
    usual = {"BPD": 80.0, "HC": 290.0, "AC": 270.0, "FL": 60.0}
    for name, (lowest, highest) in vectors("limits.json")["weight_lengths_mm"].items():
        for mm, allowed in ((lowest, True), (highest, True), (lowest - 0.01, False), (highest + 0.01, False)):
            lengths = usual | {name: mm}
            if allowed:
                assert fetal_weight.estimated_weight_by("HADLOCK_BPD_HC_AC_FL", **lengths) > 0
            else:
                refusal = refused(
                    lambda given=lengths: fetal_weight.estimated_weight_by("HADLOCK_BPD_HC_AC_FL", **given)
                )
                assert isinstance(refusal, fetal_weight.LengthNotPossible)


def due_dates() -> None:
    for row in vectors("dating_vectors.json")["edd_vectors"]:
        due = dating.due_date(date.fromisoformat(row["lmp"]))
        assert due.isoformat() == row["edd_280"]
        assert dating.last_period_from_due_date(due).isoformat() == row["lmp"]
    for row in vectors("dating_vectors.json")["ga_vectors"]:
        last_period, on = date.fromisoformat(row["lmp"]), date.fromisoformat(row["on"])
        age = dating.gestational_age(last_period, on)
        assert (age.days, age.weeks, age.remainder) == (row["days"], row["weeks"], row["rem"])
        assert age.text == str(age) == row["text"]
        assert (dating.due_date(last_period) - on).days == row["days_to_edd"]
    for row in vectors("limits.json")["transfers"]:
        due = dating.due_date_from_transfer(date.fromisoformat(row["day"]), row["embryo_age_days"])
        assert due.isoformat() == row["due"]
    lowest, highest = vectors("limits.json")["embryo_age_days"]
    for age in (lowest, highest):
        dating.due_date_from_transfer(LAST_PERIOD, age)
    for age in (lowest - 1, highest + 1):
        refusal = refused(lambda a=age: dating.due_date_from_transfer(LAST_PERIOD, a))
        assert isinstance(refusal, dating.EmbryoAgeNotKnown)
        assert (refusal.lowest, refusal.highest) == (lowest, highest)


def crl_dating() -> None:
    for row in vectors("dating_vectors.json")["crl_vectors_published"]:
        found = dating.age_range_from_crl(row["crl_mm"])
        assert found[1] == dating.age_from_crl(row["crl_mm"])
        for age, column in zip(found, ("ga_days_P03", "ga_days_P50", "ga_days_P97"), strict=True):
            close(age, row[column], 0.5, row)
    column_of = {"P03": 0, "P50": 1, "P97": 2}
    for row in rows("fetal_test_vectors.csv"):
        if row["measure"] == "GA_for_CRL" and row["stat"] in column_of:
            found_age = dating.age_range_from_crl(float(row["crl_mm"]))[column_of[row["stat"]]]
            close(found_age, float(row["equation"]), 0.0001, row)
    lowest, highest = vectors("limits.json")["crl_mm"]
    for mm in (lowest, highest):
        dating.age_from_crl(mm)
    for mm in (lowest - 0.01, highest + 0.01):
        assert isinstance(refused(lambda m=mm: dating.age_from_crl(m)), dating.CrlOutsideStandard)
    longest = vectors("limits.json")["crl_dates_well_up_to_mm"]
    assert dating.crl_dates_well(longest) and not dating.crl_dates_well(longest + 0.01)


def redating_rules() -> None:
    table = vectors("dating_vectors.json")["redating"]
    discretionary = vectors("limits.json")["discretionary"]
    for row, rule in zip(table, dating.redating_rules(), strict=True):
        first, last = row["ga_by_lmp_days"]
        assert (rule.from_days, rule.to_days) == (first, None if last == 999 else last)
        assert rule.threshold_days == row["change_if_abs_diff_days_gt"]
        assert rule.discretionary_from_days == (
            discretionary["from_days"] if discretionary["ga_by_lmp_days"] == [first, last] else None
        )
        for by_period in {max(first, 60), min(last, 280)}:
            for extra, change in ((0, False), (1, True)):
                by_scan = by_period - rule.threshold_days - extra
                result = dating.redating(LAST_PERIOD, LAST_PERIOD + timedelta(days=by_period), by_scan)
                assert (result.change, result.threshold_days) == (change, row["change_if_abs_diff_days_gt"])
                assert result.clinician_decision == (first >= 196)
    for row in vectors("dating_vectors.json")["redating_vectors"]:
        scan = date.fromisoformat(row["scan"])
        result = dating.redating(date.fromisoformat(row["lmp"]), scan, row["us_days"])
        assert (result.change, result.threshold_days) == (row["change"], row["threshold"])
        assert (result.difference_days, result.due_date.isoformat()) == (row["diff"], row["edd"])
        assert result.clinician_decision == (row["ga_lmp_days"] >= 196)
    redating_limits()


def redating_limits() -> None:
    limits = vectors("limits.json")
    lowest, highest = limits["scan_age_days"]
    scan = LAST_PERIOD + timedelta(days=100)
    for age in (lowest, highest):
        dating.redating(LAST_PERIOD, scan, age)
    for age in (lowest - 1, highest + 1):
        refusal = refused(lambda a=age: dating.redating(LAST_PERIOD, scan, a))
        assert isinstance(refusal, dating.ScanAgeNotPossible)
        assert (refusal.lowest, refusal.highest) == (lowest, highest)
    first_late = LAST_PERIOD + timedelta(days=limits["suboptimal_from_days"])
    assert dating.suboptimally_dated(LAST_PERIOD, first_late)
    assert not dating.suboptimally_dated(LAST_PERIOD, first_late - timedelta(days=1))


def nrs_bands() -> None:
    labels = {}
    for span, label in vectors("scale_vectors.json")["nrs"]["bands"].items():
        first, _, last = span.partition("-")
        labels.update(dict.fromkeys(range(int(first), int(last or first) + 1), label))
    bands = vectors("limits.json")["nrs_bands"]
    for score in range(11):
        result = scales.nrs(score)
        assert result.label("zh") == labels[score]
        found = [result.band.code, result.band.lowest, result.band.highest]
        assert found in bands and result.band.lowest <= score <= result.band.highest


def barthel_totals() -> None:
    published = vectors("scale_vectors.json")["barthel"]
    for entry, item in zip(published["items"], scales.barthel_items(), strict=True):
        assert list(item.options) == entry["options"]
    for row in published["vectors"]:
        result = scales.barthel(row["scores"])
        assert (result.total, result.label("zh")) == (row["total"], row["band"])
    limits = vectors("limits.json")
    main, other = scales.barthel_band_sets()
    seen: dict[str, set[tuple[str, int, int]]] = {main: set(), other: set()}
    for scores in every_total():
        for band_set, found in seen.items():
            result = scales.barthel(scores, band_set)
            assert result.band.lowest <= result.total <= result.band.highest
            found.add((result.band.code, result.band.lowest, result.band.highest))
    assert seen[main] == {tuple(band) for band in limits["barthel_bands"]}
    assert seen[other] == {tuple(band) for band in limits["barthel_other_bands"]}


def every_total() -> Iterator[list[int]]:
    """Scores for each possible total 100, 95 … 0, lowering one item after the other."""
    options = [entry["options"] for entry in vectors("scale_vectors.json")["barthel"]["items"]]
    scores = [choice[0] for choice in options]
    yield list(scores)
    for index, choice in enumerate(options):
        for points in choice[1:]:
            scores[index] = points
            yield list(scores)


def entry_doubts() -> None:
    limits = vectors("limits.json")
    curve = fetal_growth.standard("HC")
    for z, asked in ((limits["unusual_z"] - 0.01, False), (limits["unusual_z"] + 0.01, True)):
        for sign in (-1, 1):
            assert bool(plausibility.doubts({"HC": curve.value(196, sign * z)}, 196)) == asked
    for row in limits["unit_slips"]:
        (doubt,) = plausibility.doubts({row["measure"]: row["value"]}, row["days"])
        assert (doubt.code, doubt.parameters["suggested"]) == ("unit", row["meant"])
    agree, differs = limits["wrong_week"]["agree_within_days"], limits["wrong_week"]["differs_at_least_days"]
    assert together(200 - differs - 0.1, 200 - differs - 0.1) and not together(
        200 - differs + 0.1, 200 - differs + 0.1
    )
    assert together(160 - agree / 2 + 0.05, 160 + agree / 2 - 0.05)
    assert not together(160 - agree / 2 - 0.05, 160 + agree / 2 + 0.05)


def together(head_days: float, femur_days: float) -> bool:
    """Whether a head and a femur that are median at these ages are questioned together in week 28+4."""
    values = {
        "HC": fetal_growth.value_at("HC", head_days, 50),
        "FL": fetal_growth.value_at("FL", femur_days, 50),
    }
    return any(doubt.code == "week" and not doubt.measure for doubt in plausibility.doubts(values, 200))


CHECKS: dict[str, list[Callable[[], None]]] = {
    "dating": [due_dates, crl_dating, redating_rules],
    "fetal_growth": [growth_limits, growth_tables, hadlock_1991_table],
    "fetal_weight": [weight_limits, weight_formulas],
    "plausibility": [entry_doubts],
    "scales": [nrs_bands, barthel_totals],
}
