"""A package counted in days on the phone: the day of today, each day's own task, nothing about weeks."""

from __future__ import annotations

from datetime import timedelta

from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.phone_links import issue_link
from tests.patient.conftest import Ward
from tests.selling import open_sales


def test_the_phone_counts_days_after_a_discharge(ward: Ward) -> None:
    document = load("knee_7days", "zh").model_dump(mode="json")
    ward.package_id = ward.world.do("manager", take_template, document=document)
    ward.world.do("manager", publish, package_id=ward.package_id)
    open_sales(ward.world, ward.package_id)
    patient = ward.patient(phone="13800005678", record="B9")
    ward.enrol(patient, last_period=None, anchor_date=ward.world.today - timedelta(days=2))
    ward.token = ward.world.do("nurse", issue_link, patient_id=patient)
    phone = ward.own_phone()
    phone.open("/p/me")
    assert "今天第2天" in phone.text and "孕" not in phone.text
    phone.open("/p/me/missions")
    assert "3月5日 – 3月5日" not in phone.text
    assert phone.open("/p/me/mission/PUMP.2").status_code == 200
    assert "踝泵" in phone.text
