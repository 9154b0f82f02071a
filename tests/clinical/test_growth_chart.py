from __future__ import annotations

import io
import json
import re
from itertools import pairwise

import altair
import pytest
from PIL import Image

from core.clinical import growth_chart
from core.clinical.fetal_growth import MEASURES
from core.clinical.reference import NotAMeasurement

READINGS = [(224, 290.0), (154, 202.0)]
# Words a patient must not find on a curve.
FORBIDDEN = re.compile(
    r"\b(sex|boy|girl|male|female|abnormal|normal|risk|IUGR|FGR|SGA|LGA)\b|男|女|异常|正常|受限|偏小|偏大"
)


@pytest.mark.parametrize("measure", ["HC", "EFW_HADLOCK_2020", "CRL"])
@pytest.mark.parametrize(("language", "medium"), [("zh", "screen"), ("en", "print")])
def test_the_specification_is_valid_vega_lite(measure, language, medium):
    chart = altair.LayerChart.from_dict(growth_chart.chart_spec(measure, language, medium), validate=True)
    assert len(chart.layer) > 1


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_curve_labels_nobody(measure, language):
    spec = growth_chart.chart_spec(measure, language)
    curve = growth_chart.standard(measure)
    rows = growth_chart.chart_rows(measure, [(curve.first_day, 1.5), (curve.last_day, 9000)], language)
    assert not FORBIDDEN.search(json.dumps([spec["title"], rows], ensure_ascii=False))
    assert ("医生会为您解读" if language == "zh" else "Your doctor will explain") in str(spec["title"])


def test_the_same_colour_wherever_a_point_lies():
    spec = growth_chart.chart_spec("HC", "en")
    (point,) = [layer for layer in spec["layer"] if layer["mark"]["type"] == "point"]
    assert "color" not in point["encoding"] and point["mark"]["color"] == growth_chart.CORAL


@pytest.mark.parametrize("measure", MEASURES)
def test_names_at_the_ends_of_the_lines_never_lie_over_each_other(measure):
    layers = growth_chart.chart_spec(measure, "en")["layer"]
    named = [layer for layer in layers if "text" in layer["mark"]]
    assert [layer["mark"]["text"] for layer in named] == ["3", "50", "97"]
    table = layers[0]["data"]["values"]
    low, high = table[0]["p3"], table[-1]["p97"]
    ends = [layer["data"]["values"][0][layer["encoding"]["y"]["field"]] for layer in named]
    heights = [(end - low) / (high - low) * 330 for end in ends]
    assert all(b - a >= named[0]["mark"]["fontSize"] for a, b in pairwise(heights))


@pytest.mark.parametrize("measure", MEASURES)
def test_the_lines_span_the_published_weeks_and_no_more(measure):
    table = growth_chart.chart_spec(measure, "en")["layer"][0]["data"]["values"]
    curve = growth_chart.standard(measure)
    assert (table[0]["weeks"], table[-1]["weeks"]) == (
        round(curve.first_day / 7, 4),
        round(curve.last_day / 7, 4),
    )
    assert all(row["p3"] < row["p10"] < row["p50"] < row["p90"] < row["p97"] for row in table)


def test_the_points_are_left_to_the_page_that_draws_them():
    # A named top-level dataset makes Streamlit drop the rows handed over beside the specification.
    spec = growth_chart.chart_spec("HC", "en")
    assert "data" not in spec and "datasets" not in spec
    (point,) = [layer for layer in spec["layer"] if layer["mark"]["type"] == "point"]
    assert "data" not in point


def test_changing_one_copy_does_not_change_the_next():
    growth_chart.chart_spec("HC", "en")["title"]["text"] = "spoilt"
    assert growth_chart.chart_spec("HC", "en")["title"]["text"] == "Head circumference (mm)"


def test_points_come_in_order_and_only_the_newest_is_named():
    rows = growth_chart.chart_rows("HC", READINGS, "zh")
    assert [row["week_text"] for row in rows] == ["22+0", "32+0"]
    assert [row["label"] for row in rows] == ["", "32+0: 290 mm"]
    assert rows[0]["centile_text"] == "第 76 百分位"


def test_a_point_outside_the_published_weeks_is_kept_without_a_centile():
    (row,) = growth_chart.chart_rows("HC", [(90, 80.0)], "en")
    assert row["centile_text"] == "outside the published weeks"
    assert row["value"] == 80


def test_a_point_must_be_a_measurement():
    with pytest.raises(NotAMeasurement):
        growth_chart.chart_rows("HC", [(196, -1.0)], "en")


def test_no_points_make_an_empty_curve():
    assert growth_chart.chart_rows("HC", [], "en") == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_picture_shows_the_point_in_coral(language):
    with Image.open(io.BytesIO(growth_chart.chart_image("HC", READINGS, language))) as picture:
        colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 24)}
        assert picture.width > 1280
    coral = (0xE7, 0x6F, 0x51)
    assert any(max(abs(a - b) for a, b in zip(colour, coral, strict=True)) < 8 for colour in colours)


def test_the_drawing_carries_its_words():
    drawing = growth_chart.chart_image("AC", [(196, 233.0)], "zh", kind="svg").decode()
    assert drawing.startswith("<svg") and "腹围" in drawing and "28+0: 233 mm" in drawing


def test_a_phone_gets_a_narrow_drawing_with_fonts_of_its_own():
    drawing = growth_chart.chart_image("AC", [(196, 233.0)], "zh", kind="svg", size=(290, 300)).decode()
    width = re.search(r'width="([\d.]+)"', drawing)
    assert width and float(width[1]) <= 360
    assert "PingFang SC" in drawing and "http" not in drawing.replace("http://www.w3.org/", "")


def test_a_reading_is_a_sentence_without_a_verdict():
    assert growth_chart.reading_text("HC", 196, 260, "en") == (
        "Week 28+0: Head circumference 260 mm, centile 48."
    )
    assert growth_chart.reading_text("EFW_HADLOCK_2020", 224, 1800, "zh") == (
        "孕32+0周：估计体重 1,800 g，第 51 百分位。"
    )
