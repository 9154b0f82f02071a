"""Arguments with which every deed can be tried on a demo: by the parameter's name, and where that is not enough, by the
deed's. A new deed needs a line only for a parameter that no deed before it had.
"""

from __future__ import annotations

import inspect
import io
import itertools
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from PIL import Image
from sqlalchemy import select

from core.bank.tables import AccountRow, AdjustmentRow, LedgerEntryRow, RewardRow, VoucherRow
from core.care.tables import (
    AppointmentRow,
    EnrolmentRow,
    GentleStopRow,
    GrowthMeasurementRow,
    TaskRow,
)
from core.choice.tables import ChoiceCandidateRow, ChoiceStudyRow
from core.department.tables import LocationRow
from core.dialogue.clocks.tables import PromiseRunRow
from core.dialogue.duty.tables import DutySpanRow
from core.dialogue.films.film_reviews import VERDICT_NAMES
from core.dialogue.films.tables import RecordingRow
from core.dialogue.tables import CaseRow, TextModuleRow
from core.dialogue.telling.tables import ChannelRow, DutyPassRow, OutboxRow
from core.foundation.access import PERMISSIONS, PUBLIC, Actor
from core.foundation.doors import DEEDS, Desk
from core.foundation.images import clean_image
from core.keepsakes.tables import AlbumPhotoRow, AlbumRow
from core.packages.tables import PackageRow, PackageVersionRow
from core.people.intake import PatientLine
from core.people.phone_links import issue_link
from core.people.tables import PatientRow, StaffRow
from core.recognition.tables import RecognitionRow
from core.settlement.tables import AmendsRow, EntitlementMarkRow
from core.sops.tables import SopVersionRow

RUNNING = select(EnrolmentRow.id).where(EnrolmentRow.status == "active")
# Whose id a parameter is, and which row serves best.
ROWS: dict[str, tuple[Any, ...]] = {
    "adjustment_id": (AdjustmentRow, AdjustmentRow.state == "proposed"),
    "amends_id": (AmendsRow, AmendsRow.state == "drafted"),
    "appointment_id": (AppointmentRow, AppointmentRow.state == "booked"),
    "candidate_id": (ChoiceCandidateRow,),
    "case_id": (CaseRow, CaseRow.state == "open"),
    "channel_id": (ChannelRow,),
    "enrolment_id": (EnrolmentRow, EnrolmentRow.status == "active"),
    "entry_id": (LedgerEntryRow, LedgerEntryRow.kind == "earn"),
    "location_id": (LocationRow,),
    "measurement_id": (GrowthMeasurementRow, GrowthMeasurementRow.struck_at.is_(None)),
    "message_id": (OutboxRow,),
    "module_id": (TextModuleRow,),
    "package_id": (PackageRow,),
    "pass_id": (DutyPassRow,),
    "patient_id": (PatientRow, PatientRow.silenced_at.is_(None), PatientRow.erased_at.is_(None)),
    "photo_id": (AlbumPhotoRow,),
    "recognition_id": (RecognitionRow, RecognitionRow.state == "received", RecognitionRow.may_show),
    "recording_id": (RecordingRow, RecordingRow.kind == "film"),
    "ref": (EntitlementMarkRow,),
    "reward_id": (RewardRow, RewardRow.kind == "points"),
    "run_id": (PromiseRunRow,),
    "span_id": (DutySpanRow,),
    "stop_id": (GentleStopRow, GentleStopRow.lifted_at.is_(None)),
    "study_id": (ChoiceStudyRow, ChoiceStudyRow.state == "draft"),
    "task_id": (TaskRow, TaskRow.state == "planned", TaskRow.enrolment_id.in_(RUNNING)),
    "version_id": (SopVersionRow,),
    "voucher_id": (VoucherRow, VoucherRow.state == "issued"),
}
SAME: dict[str, Any] = {
    "literal": "199元", "number": 7, "ticket": "x",
    "address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7aoc-4bc4-97a0-0ec2sifa5aaa",
    "advice": "请来门诊看一下", "answer": "clear", "answers": ["1"], "at": 0, "base": "whole", "before": 14, "cap": None,
    "channel": "phone", "closes": "17:00", "columns": {"name": 0}, "compared": True, "compounding": "annual",
    "confirmed": True, "consents": {"service": True}, "code": "P01", "days": 60, "decided_by": "院长", "decision": "watch",
    "department": "产科", "device_secret": "x", "fault": "too_long", "fitted": None, "given": {"messages": True},
    "headers_key": "a" * 64, "height": 480, "hospital": "安和医院", "judgement": 3, "key": "ab/abc.mp4", "kind": "other",
    "language": "zh", "last_four": "0000", "length": None, "lot_months": None, "messages": [], "method": "slider",
    "name": "李小雨", "new": "Kx7-qpa2mv9", "old": "x", "on": True, "on_sale": True, "opens": "08:00",
    "outcome": "no_answer", "payment_method": "cash", "phone": "13800001234", "photos": [], "pilot_start": None,
    "point": "roster", "points": 5, "print_language": "zh", "rate": "0.10", "reason": "家里有事，改日再来办理", "refund_fen": 0,
    "reps": 8, "role": "nurse", "roles": ["nurse"], "rule": "survey", "score": 4, "seconds": 3.0, "seen_revision": 1,
    "sentence": "动作很到位", "sets": 2, "short": "hl", "signs": [], "size": 1000, "source": "extra", "state": "sent",
    "stock": 9, "story": "医生边画边讲，讲到听懂为止。", "strict": False, "task_code": "K01", "threshold": 100,
    "time_zone": "Asia/Shanghai", "title": "选哪个科室", "token": "x", "turn": None, "username": "li.na",
    "verdict": next(iter(VERDICT_NAMES)), "what": "backup", "why": "更清楚", "width": 640, "words": "谢谢您，我们记下了。", "working": {}, "year": 2026,
    "piece": None, "expected_changed_at": None, "document": {}, "nurse_id": None, "first": "a", "second": "b",
}  # fmt: skip
_numbers = itertools.count(1)


def picture(colour: str = "navy") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), colour).save(out, "JPEG")
    return out.getvalue()


class Arguments:
    """`of(name)`: who does a deed of the register, and with what."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        with desk.database.reading() as session:
            staff = session.scalars(select(StaffRow).where(StaffRow.active).order_by(StaffRow.id)).all()
        self.staff: dict[str, Actor] = {}
        for row in staff:
            self.staff.setdefault(row.role, Actor("staff", row.id, row.name, row.role))
        self.today: date = desk.ask(PUBLIC, lambda look: look.today)
        self.now: datetime = desk.clock.now()

    def first(self, row: Any, *which: Any, column: Any = None) -> Any:
        """The first row that fits, or the last of all, or 1."""
        wanted = row.id if column is None else column
        with self.desk.database.reading() as session:
            found = session.scalar(select(wanted).where(*which).order_by(wanted).limit(1))
            return found or session.scalar(select(wanted).order_by(wanted.desc()).limit(1)) or 1

    def actor(self, permission: str) -> Actor:
        if permission == "public":
            return PUBLIC
        if permission == "patient.self":
            patient = self.first(
                EnrolmentRow, EnrolmentRow.status == "active", column=EnrolmentRow.patient_id
            )
            return Actor("patient", patient)
        roles = PERMISSIONS[permission]
        return (
            next(actor for role, actor in self.staff.items() if role in roles and role != "administrator")
            if (roles - {"administrator"})
            else self.staff["administrator"]
        )

    def of(self, name: str) -> tuple[Actor, dict[str, Any]]:
        deed = DEEDS[name]
        own = self.own().get(name, {})
        given = {
            key: each() if callable(each) else each for key, each in (own() if callable(own) else own).items()
        }
        for one in list(inspect.signature(deed).parameters.values())[1:]:
            if one.name not in given and one.default is one.empty:
                given[one.name] = self.by_name(one.name)
        return given.pop("actor", None) or self.actor(deed.permission), given  # type: ignore[attr-defined]

    def by_name(self, name: str) -> Any:
        if name in ROWS:
            return self.first(*ROWS[name])
        if name.endswith("_id"):
            return self.staff["nurse"].id
        match name:
            case "day" | "due_on" | "effective_on" | "last":
                return self.today
            case "review_on":
                return self.today + timedelta(days=90)
            case "picture":
                return clean_image(picture())
            case "data":
                return picture()
            case "record_number" | "file_digest":
                return f"NEW-{next(_numbers)}"
            case "rows":
                return []
            case "enrolment_ids":
                return [self.first(*ROWS["enrolment_id"])]
            case "text":
                return "护士每次抽血之前都会轻声告诉我接下来会发生什么，还帮孩子擦眼泪，走廊里的灯也特别温暖，谢谢你们一直这样细心地照顾全家。"
            case "to":
                return self.staff["nurse"].id
        return SAME[name]

    def document(self) -> dict[str, Any]:
        with self.desk.database.reading() as session:
            found: dict[str, Any] = session.scalars(select(PackageVersionRow.document).limit(1)).one()
        return found | {"code": "another_one", "name": "另一个服务包"}

    def richest(self) -> int:
        with self.desk.database.reading() as session:
            ordered = select(AccountRow.patient_id).order_by(AccountRow.balance.desc(), AccountRow.id)
            return session.scalars(ordered.limit(1)).one()

    def cheapest(self) -> int:
        with self.desk.database.reading() as session:
            ordered = select(RewardRow.id).where(RewardRow.kind == "points").order_by(RewardRow.cost_points)
            return session.scalars(ordered.limit(1)).one()

    def card(self) -> dict[str, Any]:
        patient = self.first(*ROWS["patient_id"], PatientRow.phone_end != "")
        with self.desk.database.reading() as session:
            digits = session.get_one(PatientRow, patient).phone_end
        return {
            "token": self.desk.do(self.staff["nurse"], issue_link, "", patient_id=patient),
            "last_four": digits,
        }

    def draft(self) -> dict[str, Any]:
        with self.desk.database.reading() as session:
            row = session.scalars(
                select(PackageVersionRow).where(PackageVersionRow.number == 0).limit(1)
            ).one()
            return {
                "package_id": row.package_id,
                "working": row.document,
                "expected_changed_at": row.changed_at,
            }

    def own(self) -> dict[str, Any]:
        """What a deed needs beyond its parameters' names. What is callable is asked for when it is needed."""
        first, tomorrow = self.first, self.today + timedelta(days=1)
        soon = self.now + timedelta(days=3)
        manager: Callable[[], Actor] = lambda: self.staff["manager"]  # noqa: E731
        spare = PatientRow.silenced_at.is_(None), PatientRow.erased_at.is_(None)
        run: dict[str, Any] = {"first": self.today, "last": tomorrow}
        return {
            "bank.earning_rules.thank_referrer": {"referrer_id": lambda: first(PatientRow, *spare)},
            "bank.vouchers.take_reward_for": {"patient_id": self.richest, "reward_id": self.cheapest},
            "bank.vouchers.take_reward": {
                "actor": lambda: Actor("patient", self.richest()), "reward_id": self.cheapest,
            },
            "bank.adjustments.approve_adjustment": {"actor": lambda: self.staff["administrator"]},
            "operations.backup._note": {"what": "made"},
            "people.phone_links.confirm_phone": self.card,
            "choice.deciding.decide": {
                "seen_revision": lambda: first(ChoiceStudyRow, *ROWS["study_id"][1:], column=ChoiceStudyRow.revision)
            },
            "bank.vouchers.redeem_voucher": {
                "code": lambda: first(VoucherRow, VoucherRow.state == "issued", column=VoucherRow.code)
            },
            "care.quiet_care.gentle_stop": {
                "patient_id": lambda: first(EnrolmentRow, EnrolmentRow.status == "active", column=EnrolmentRow.patient_id),
                "caller_id": lambda: self.staff["nurse"].id,
            },
            "care.sale.enrolments.enrol": {"anchor_date": self.today},
            "care.sale.offers.record_offer": {"outcome": "thinking"},
            "care.work.appointments.book": {"at": soon},
            "care.work.appointments.reschedule": {"at": soon},
            "care.work.appointments.import_past": {
                "rows": [{"day": date(2025, 1, 1), "state": "attended", "record_number": ""}]
            },
            "care.work.measurements.record_growth": {"hc_mm": 200.0, "confirmed": True},
            "choice.candidates.add_candidate": {"name": lambda: f"科室{next(_numbers)}"},
            "choice.candidates.change_candidate": {"name": "眼科"},
            "choice.weights.set_points": {"points": {}},
            "choice.weights.judge": {},
            "department.places.add_location": {"name": "产科门诊"},
            "department.places.change_location": {"name": "产科门诊二"},
            "department.prints.record_print": {"kind": "posters"},
            "department.switches.sign_off": {
                "code": "money_tips", "signed_by": "院长", "document_number": "A1",
                "review_on": self.today + timedelta(days=90),
            },
            "dialogue.cases.alerts.report": {"words": "不太舒服"},
            "dialogue.cases.cases.decide": {"actor": manager},
            "dialogue.cases.cases.reply": {"words": "请多休息，明天复查。"},
            "dialogue.cases.calls.record": {"case_id": lambda: first(*ROWS["case_id"])},
            "dialogue.clocks.holidays.set_days": run | {"kind": "holiday", "name": "院庆"},
            "dialogue.clocks.holidays.remove_days": run,
            "dialogue.duty.shift_plan.plan": run | {"staff_id": lambda: self.staff["nurse"].id},
            "dialogue.duty.shift_plan.clear": run,
            "dialogue.telling.channels.add_channel": {"kind": "wecom", "name": "产科群"},
            "dialogue.telling.channels._tested": {"why": ""},
            "dialogue.films.uploads.create": {"size": 100_000},
            "keepsakes.albums.remove_photo": {
                "enrolment_id": lambda: first(AlbumRow, column=AlbumRow.enrolment_id)
            },
            "messages.marking.mark_message_sent": {"channel": "sms"},
            "messages.marking.mark_messages_sent": {"channel": "sms"},
            "packages.drafts.copy_package": {"name": lambda: f"服务包{next(_numbers)}"},
            "packages.drafts.keep_draft": self.draft,
            "packages.publishing.take_template": {"document": self.document},
            "people.erasure.erase_patient": {"patient_id": lambda: first(PatientRow, *spare)},
            "people.escalation_roster.fill": run | {"staff_id": lambda: self.staff["nurse"].id},
            "people.escalation_roster.clear": run,
            "people.intake.import_patients": {
                "rows": lambda: [PatientLine(name="王小五", record_number=f"IMP-{next(_numbers)}", row_number=1)]
            },
            "people.own_nurse.name_own_nurse": {"nurse_id": lambda: self.staff["nurse"].id},
            "people.patients.edit_patient": {"phone": "13800009876"},
            "people.staff.add_staff": {"username": lambda: f"new.{next(_numbers)}", "password": "Kx7-qpa2mv9"},
            "people.staff.change_staff": {"staff_id": lambda: self.staff["nurse"].id},
            "people.staff.deactivate": {"staff_id": lambda: self.staff["executive"].id},
            "people.staff.reactivate": {"staff_id": lambda: self.staff["executive"].id},
            "people.staff.reset_password": {"staff_id": lambda: self.staff["executive"].id},
            "recognition.praise.give_praise": {"code": lambda: first(LocationRow, column=LocationRow.praise_code)},
            "recognition.tips.confirm_tip": {"actor": manager},
            "settlement.refund_rules_entered.enter_rule": {
                "rule": {}, "version_id": lambda: first(PackageVersionRow)
            },
            "settlement.refunds.cancel_and_refund": {"cause": "wish"},
            "settlement.refunds.record_refund": {"cause": "wish", "refund_fen": 100},
        }  # fmt: skip
