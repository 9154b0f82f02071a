"""Charts: specifications without data, rows in the reader's words, one honest sentence each."""

import io
import json
import re
from datetime import date, timedelta

import pytest
from PIL import Image

from core.foundation.appearance.palette import JUDGEMENTS, LIMITS, MEAN, TARGET
from core.insight.chart_words import chart_text
from core.insight.charts.control import (
    bar,
    bar_rows,
    control,
    control_rows,
    picture,
    weekly_line,
    weekly_rows,
)
from core.insight.spc.limits import NothingToChart
from core.insight.spc.reading import p_chart, run_chart, xmr
from tests.insight.vectors import SPC

CHINESE = re.compile(r"[\u4e00-\u9fff]")
CALM = [10, 12, 11, 13, 10, 12, 11, 13, 10, 12, 11, 13]
SPECS = {
    "weekly": weekly_line,
    "control": control,
    "control of numbers": lambda language: control(language, "number", "neither"),
    "bar": bar,
}


def weeks(n):
    return [date(2026, 1, 5) + timedelta(weeks=i) for i in range(n)]


def texts(spec):
    """Everything in a specification that a reader sees as words."""
    found = []
    if isinstance(spec, dict):
        found += [spec[key] for key in ("title", "format") if isinstance(spec.get(key), str)]
        found += [
            each for key in ("values", "domain") for each in spec.get(key) or [] if isinstance(each, str)
        ]
        found += [text for value in spec.values() for text in texts(value)]
    elif isinstance(spec, list):
        found += [text for value in spec for text in texts(value)]
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("make", SPECS.values(), ids=SPECS)
def test_a_specification_has_no_data_fits_its_container_and_names_system_fonts(make, language):
    spec = make(language)
    assert not {"data", "datasets"} & spec.keys() and spec["width"] == "container"
    assert spec["config"]["font"].startswith("'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC'")
    assert "http" not in json.dumps(spec)


@pytest.mark.parametrize("make", SPECS.values(), ids=SPECS)
def test_a_caller_cannot_spoil_the_next_callers_specification(make):
    first = make("en")
    first["layer"].clear()
    assert make("en")["layer"]


@pytest.mark.parametrize("make", [weekly_line, control], ids=["weekly", "control"])
def test_each_language_sees_only_its_own_words(make):
    english, chinese = texts(make("en")), texts(make("zh"))
    assert not any(CHINESE.search(text) for text in english)
    words = [text for text in chinese if re.search(r"[A-Za-z]{3}", text)]
    assert words == [] and any(CHINESE.search(text) for text in chinese)


def test_control_charts_wear_the_nhs_colours_and_differ_in_shape_too():
    worn = {judgement: colour for judgement, (colour, _shape) in JUDGEMENTS.items()}
    assert worn | {"mean": MEAN, "limits": LIMITS, "target": TARGET} == SPC["colours"]
    assert len({shape for _colour, shape in JUDGEMENTS.values()}) == 4
    spec = json.dumps(control("en"))
    assert all(colour in spec and shape in spec for colour, shape in JUDGEMENTS.values())


def test_the_legend_offers_only_judgements_the_chart_can_make():
    assert "Change without direction" not in _legend("increase") and len(_legend("increase")) == 3
    assert _legend("neither") == ["Normal variation", "Change without direction"]


def _legend(improves):
    layers = control("en", "share", improves)["layer"]
    return next(
        layer["encoding"]["color"]["legend"]["values"] for layer in layers if "color" in layer["encoding"]
    )


def test_days_are_drawn_in_utc_so_that_no_time_zone_moves_them():
    for make in (weekly_line, control):
        scales = [
            layer["encoding"]["x"]["scale"]
            for layer in make("en")["layer"]
            if layer["encoding"]["x"].get("scale")
        ]
        assert scales and all(scale == {"type": "utc"} for scale in scales)


def test_weekly_rows_carry_interval_counts_and_the_average_of_their_phase():
    rows = weekly_rows(weeks(4), [6, 0, 24, 26], [20, 0, 40, 40], "en", pilot_start=weeks(4)[2])
    assert rows[0]["counted"] == "6 / 20" and rows[0]["low"] < 0.3 < rows[0]["high"]
    assert rows[1]["value"] is None and rows[1]["counted"] == ""
    assert [row["average"] for row in rows] == [0.3, 0.3, 0.625, 0.625]
    assert [row["note"] for row in rows] == ["● Before: average 30%", "", "◆ After: average 62%", ""]
    assert [row["start"] for row in rows] == [None, None, "2026-01-19", None]


def test_a_week_under_way_when_the_pilot_starts_counts_as_before():
    rows = weekly_rows(weeks(3), [1, 2, 3], [10, 10, 10], "zh", pilot_start=weeks(3)[1] + timedelta(days=2))
    assert [row["later"] for row in rows] == [False, False, True]
    assert rows[2]["start"] == "2026-01-14" and rows[2]["phase"] == "试点后"


def test_without_a_pilot_there_is_no_rule_and_without_counts_no_chart():
    rows = weekly_rows(weeks(2), [1, 2], [10, 10], "en")
    assert [row["start"] for row in rows] == [None, None] and not rows[0]["later"]
    with pytest.raises(NothingToChart):
        weekly_rows(weeks(2), [0, 0], [0, None], "en")
    with pytest.raises(NothingToChart):
        bar_rows([], [], "en")


def test_control_rows_say_what_happened_and_name_every_line_once():
    chart = xmr([*CALM, 40], "decrease", target=11.4, baseline=12)
    rows = control_rows(weeks(13), chart, "zh", "number")
    assert (rows[12]["meaning"], rows[12]["reason"], rows[12]["text"]) == ("变差", "超出控制限", "40")
    labels = [row for row in rows if row.get("line")]
    assert [row["line"] for row in labels] == ["下限 6.4", "目标 11.4", "平均 11.5", "上限 16.6"]
    gaps = [b["line_at"] - a["line_at"] for a, b in zip(labels, labels[1:], strict=False)]
    assert all(gap > 1.9 for gap in gaps), "labels are pushed apart where lines nearly touch"


def test_limits_that_judge_nobody_are_not_drawn():
    rows = control_rows(weeks(1), xmr([5]), "en", "number")
    assert (rows[0]["mean"], rows[0]["lower"], rows[0]["upper"]) == (5, None, None)
    assert [row["line"] for row in rows if row.get("line")] == ["mean 5"]


def test_a_chart_and_its_days_must_match():
    with pytest.raises(ValueError, match="zip"):
        control_rows(weeks(11), xmr(CALM), "en")


def test_bars_keep_the_order_given():
    rows = bar_rows(["b", "a"], [0.25, 0.5], "en", "share")
    assert [row["label"] for row in rows] == ["b", "a"] and rows[0]["text"] == "25.0%"
    assert bar("en")["layer"][0]["encoding"]["y"]["sort"] is None


@pytest.mark.parametrize(("width", "language"), [(360, "zh"), (900, "en")])
def test_pictures_have_the_width_asked_for_and_show_something(width, language):
    chart = p_chart([3, 5, 4] * 5, [20] * 15, "increase", target=0.3)
    drawings = [
        (weekly_line(language), weekly_rows(weeks(15), [3, 5, 4] * 5, [20] * 15, language, weeks(15)[8])),
        (control(language), control_rows(weeks(15), chart, language)),
        (bar(language), bar_rows(["挂号", "就诊"], [4, 9], language)),
    ]
    for spec, rows in drawings:
        image = Image.open(io.BytesIO(picture(spec, rows, width, scale=1)))
        assert abs(image.width - width) <= 2
        assert len(image.convert("RGB").getcolors(100_000)) > 20


def test_chinese_is_drawn_and_not_shown_as_boxes():
    drawn = {picture(bar("zh"), bar_rows([label], [1], "zh"), 360, 1) for label in ("挂号", "就诊", "取药")}
    assert len(drawn) == 3


UP = [14.5, 14.1, 14.4, 14.2, 14.6, 14.3, 14.5]


@pytest.mark.parametrize(
    ("chart", "english", "chinese"),
    [
        (
            xmr([*CALM, 11, *UP], "increase", baseline=12),
            "Seven weeks above the old average: a real change, for the better. Keep what caused it.",
            "连续 7 周高于原来的平均线：确有变化，是好的变化。把带来变化的做法保持下去。",
        ),
        (
            xmr([*CALM, 11, *UP, *[14.4] * 7], "decrease", baseline=12),
            "14 weeks above the old average: a real change, for the worse. Look for the cause.",
            "连续 14 周高于原来的平均线：确有变化，是变差了。请查找原因。",
        ),
        (
            xmr([9, 11, 9, 20, 9, 21, 10.4, 10.4, 10.4, 10.4, 10.4, 10.4, 10.4], "neither"),
            "Seven weeks below the average: a real change. Find out what caused it.",
            "连续 7 周低于平均线：确有变化。请弄清原因。",
        ),
        (
            xmr([*CALM, 40], "decrease", baseline=12),
            "The latest week lies above the limit of normal variation: a real change, for the worse. "
            "Look for the cause.",
            "最近一周高出正常起伏的上限：确有变化，是变差了。请查找原因。",
        ),
        (
            xmr([*CALM, 13.9, 13.5, 13.1, 12.7, 12.3, 11.9, 11.6, 11.2], "increase", baseline=12),
            "Eight weeks, each lower than the one before: a real change, for the worse. Look for the cause.",
            "连续 8 周一次比一次低：确有变化，是变差了。请查找原因。",
        ),
        (
            xmr([*CALM, 7.5, 11, 7.2], "increase", baseline=12),
            "Two of the last three weeks close to the lower limit: a real change, for the worse. "
            "Look for the cause.",
            "最近 3 周里有两次接近下限：确有变化，是变差了。请查找原因。",
        ),
        (xmr([*CALM, 12]), "Normal variation. No action needed.", "每周起伏正常，无需调整。"),
        (
            xmr([*CALM, 40, 12], baseline=12),
            "Back to normal variation. No action needed. Shortly before, something had changed.",
            "已回到正常起伏，无需调整。不久前曾有过变化。",
        ),
        (
            xmr([1, 2, 50]),
            "Only three weeks so far: too early to tell chance from change.",
            "目前只有 3 周：还分不清是偶然还是变化。",
        ),
        (
            run_chart([1] * 9 + [9] * 9),
            "Nine weeks on one side of the median: a real change.",
            "连续 9 周在中位线同侧：确有变化。",
        ),
        (run_chart([1, 9] * 9), "Normal variation. No action needed.", "每周起伏正常，无需调整。"),
        (
            run_chart([1, 1, 1, 1, 9, 9, 9, 9] * 3),
            "The line crosses its median less often than chance would: a real change.",
            "曲线穿过中位线的次数少于偶然情况：确有变化。",
        ),
    ],
)
def test_a_chart_is_put_into_one_plain_chart_text(chart, english, chinese):
    assert chart_text(chart, "en") == english
    assert chart_text(chart, "zh") == chinese
