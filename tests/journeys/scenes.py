"""A department made by deeds, before the browser comes: quicker than walking the set-up each time."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from core.care.sale.courses import complete
from core.care.sale.enrolments import enrol
from core.department.profile import set_up
from core.foundation.access import ROLES, SYSTEM
from core.foundation.doors import Desk
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.patients import add_patient
from core.people.staff import add_staff
from tests.journeys.serving import Server
from tests.selling import open_sales

PASSWORD = "walnut-bridge-58"
HOSPITAL = "慈安医院"
PATIENT = "王小满"
CONSENTS = {"service": True, "messages": True, "photos": True, "album": True, "story_wall": True}


def user(role: str) -> str:
    """The user name of the one person of a role; all share PASSWORD."""
    return role.replace("_", ".")


def department(server: Server) -> Desk:
    """A department with one person per role, the prenatal pack on sale and one patient enrolled."""
    desk = server.desk()
    do(desk, set_up, hospital=HOSPITAL, department="产科")
    for role in ROLES:
        do(desk, add_staff, username=user(role), name=f"{role} Lin", role=role, password=PASSWORD)
    package = do(desk, take_template, document=load("prenatal_quest", "zh").model_dump(mode="json"))
    do(desk, publish, package_id=package)
    open_sales(desk, package)
    server.serve()
    return desk


def enrolled(desk: Desk, weeks: int = 12, name: str = PATIENT, number: int = 1, ended: bool = False) -> int:
    """A patient with the pack; her enrolment's id. With `ended`, her journey is complete."""
    period = desk.ask(SYSTEM, lambda look: look.today) - timedelta(weeks=weeks)
    patient = do(
        desk,
        add_patient,
        name=name,
        record_number=f"A{number:04d}",
        phone=f"1380000{number:04d}",
        last_period=period,
    )
    held: int = do(
        desk,
        enrol,
        patient_id=patient,
        package_id=1,
        payment_method="wechat",
        consents=CONSENTS,
        last_period=period,
    )
    if ended:
        do(desk, complete, enrolment_id=held)
    return held


def do(desk: Desk, deed: Any, **arguments: Any) -> Any:
    return desk.do(SYSTEM, deed, secrets.token_hex(8), **arguments)
