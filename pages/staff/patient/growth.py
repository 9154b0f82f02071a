"""The growth curve of a pregnancy: enter measurements, see the curve; the doctor explains it."""

from __future__ import annotations

import streamlit as st

from core.care.work import measurements
from core.clinical.growth_chart import chart_rows, chart_spec
from core.foundation.language import N_
from core.people.patients import PatientCard
from pages.ui.calls import actor, ask, do, say, show_said
from pages.ui.form import Form
from pages.ui.inputs import today
from pages.ui.text import _, day, language

CURVES = {
    "HC": (N_("Head circumference"), "hc_mm"),
    "AC": (N_("Abdominal circumference"), "ac_mm"),
    "FL": (N_("Femur length"), "fl_mm"),
    "EFW_HADLOCK_2020": (N_("Estimated weight"), "efw_g"),
}


def growth(patient: PatientCard, quiet: bool) -> None:
    show_said("growth")
    points = ask(measurements.growth_of, patient_id=patient.id)
    if points:
        chosen = st.segmented_control(
            _("Curve"),
            list(CURVES),
            default="HC",
            format_func=lambda c: _(CURVES[c][0]),
            label_visibility="collapsed",
        )
        field = CURVES[chosen or "HC"][1]
        readings = [(p.ga_days, value) for p in points if (value := getattr(p, field)) is not None]
        rows = chart_rows(chosen or "HC", readings, language())
        st.vega_lite_chart(rows, chart_spec(chosen or "HC", language()), width="stretch")
        st.dataframe(
            [
                {
                    _("Day"): day(p.day),
                    _("Week"): p.week_text,
                    "HC (mm)": p.hc_mm,
                    "AC (mm)": p.ac_mm,
                    "FL (mm)": p.fl_mm,
                    "EFW (g)": p.efw_g,
                    _("By"): p.recorded_by,
                }
                for p in points
            ],
            hide_index=True,
            width="stretch",
        )
    else:
        st.caption(_("No measurements yet. Enter HC, AC and FL from the ultrasound report."))
    if actor().may("measurement.write") and not quiet:
        _enter(patient)


def _enter(patient: PatientCard) -> None:
    form = Form()
    with st.form(f"growth_{patient.id}"):
        when, hc, ac, fl = st.columns(4)
        values = {
            "day": form.field(
                "day",
                when.date_input,
                _("Day of the scan"),
                today(),
                max_value=today(),
                key=f"scan_day_{patient.id}",
            ),
            "hc_mm": form.field("hc_mm", hc.number_input, "HC (mm)", 0.0, 1000.0, None, step=1.0),
            "ac_mm": form.field("ac_mm", ac.number_input, "AC (mm)", 0.0, 1000.0, None, step=1.0),
            "fl_mm": form.field("fl_mm", fl.number_input, "FL (mm)", 0.0, 1000.0, None, step=1.0),
        }
        sure = st.checkbox(_("I have looked once more; the values are as on the report"))
        sent = st.form_submit_button(_("Keep the measurements"), type="primary")
    if sent and do(
        measurements.record_growth,
        f"growth_{patient.id}",
        place=form,
        patient_id=patient.id,
        confirmed=sure,
        **values,
    ):
        say(_("The measurements are kept."), at="growth")
        st.rerun()
