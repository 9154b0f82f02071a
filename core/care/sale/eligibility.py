"""Whom a package excludes, and asking once where something on file makes it doubtful.

What a package does not apply to stands in its SOP ("twins, high risk, assisted conception", an age). Where her age, a
remark in her file or the list she was imported from touches it, whoever offers or sells it is asked first, and says in a
few words why it is right for her. No diagnosis is kept for that: the question names what the package excludes, never
what she has.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from core.care.tables import EnrolmentRow
from core.foundation import reasons
from core.foundation.audit import AuditDetailRow, AuditEntryRow, declare
from core.foundation.clock import day_of
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_, translator
from core.packages.document import PackageDocument
from core.packages.versions import UnknownPackage, document_of, newest_row
from core.people.diagnoses import asks_first
from core.people.patient_dates import dating_anchor
from core.people.patients import get_patient
from core.people.tables import PatientRow

ANSWERED = declare("eligibility.answered", N_("Offered although the package may exclude her"), ("reason",))

# What packages exclude, with the words for it in a package's SOP, in a remark and in a list.
EXCLUSIONS: dict[str, tuple[str, re.Pattern[str]]] = {
    "multiple": (
        N_("twins or more"),
        re.compile(r"双胎|双胞胎|三胎妊娠|三胞胎|多胎|\b(?:twins?|triplets?|multiple pregnanc\w+)\b", re.I),
    ),
    "high_risk": (N_("high risk"), re.compile(r"高危|高风险|\bhigh[- ]risk\b", re.I)),
    "assisted": (
        N_("assisted conception"),
        re.compile(r"辅助生殖|试管|\b(?:assisted (?:conception|reproduction)|ivf|icsi)\b", re.I),
    ),
}
# Bounds in a package's SOP: the sign, and what is added to the number so that it means the same ("below 18" leaves 18
# in, "18 岁以下" does not). "不超过 18" and "not over 18" turn a sign about. Whether a number is an age is seen from what
# stands around it (`_is_age`).
_NOT = r"(?:[不未](?:[得能可应]|允许)?|\b(?:not|no)\s+(?:be\s+)?)"
_PLAIN = r"(?<![不未])(?<![不未][得能可应])(?<!允许)(?<!\bnot\s)(?<!\bno\s)(?<!\bnot\sbe\s)"
_LESS, _MORE = (
    r"(?:小于|低于|少于|\b(?:under|below|younger than)\b)",
    r"(?:大于|超过|高于|\b(?:over|above|older than)\b)",
)
_BOUNDS: tuple[tuple[re.Pattern[str], str, int], ...] = tuple(
    (re.compile(pattern.replace("N", r"(?<!\d)(\d{2})(?![\d.])"), re.I), sign, more)
    for pattern, sign, more in (
        (rf"(?:未满|不满|不足|[<‹〈]|{_PLAIN}{_LESS})\s*N", "<", 0),
        (rf"(?:<=|[≤≦⩽]|(?:小于|低于|少于)或?等于|\bat most\b|{_NOT}{_MORE})\s*N", "<", 1),
        (r"N\s*(?:周?岁)?(?:\(含[^()]*\))?(?:及|或)?(?:其)?以下", "<", 1),
        (r"N\s*(?:-?years?(?:\s+old)?\s+)?(?:or|and)\s+(?:younger|under|below)\b(?!\s+(?:than\s+)?\d)", "<", 1),
        (rf"(?:[>›〉]|{_PLAIN}{_MORE})\s*N", ">", 1),
        (rf"(?:年满|已满|至少|>=|[≥≧⩾]|(?:大于|高于)或?等于|\bat least\b|{_NOT}{_LESS})\s*N", ">", 0),
        (r"N\s*(?:周?岁)?(?:\(含[^()]*\))?(?:及|或)?(?:其)?以上", ">", 0),
        (r"N\s*(?:-?years?(?:\s+old)?\s+)?(?:or|and)\s+(?:older|over|above)\b(?!\s+(?:than\s+)?\d)", ">", 0),
    )
)  # fmt: skip
_CLAUSE = re.compile(r"[,，;；。\n]")
# "18 or over 40 years": one word for both.
_YEARS = re.compile(
    r"\s*(?:(?:或|or\b)[^\d]{0,12}\d{2}\s*)?(?:周?岁|-?years?\b)|\s*(?:or|and)\s+(?:older|younger)\b", re.I
)
_OTHER_UNIT = re.compile(
    r"\s*(?:孕?周|公斤|千克|斤|厘米|次|天|日|小时|分钟|个?月|元|%|(?:weeks?|kgs?|cm|times|days?|hours?|months?|yuan)\b)",
    re.I,
)
_MEASURED = re.compile(
    r"(?P<age>年龄|年满|\b(?:age[ds]?|younger|older)\b)|孕周|妊娠|体重|血压|血糖|血红蛋白|血小板|血氧|心率|胎动|身高|BMI"
    r"|\b(?:weight|weeks|gestation\w*|pressure|ha?emoglobin|hb|heart rate|height|platelets?)\b",
    re.I,
)
# A header that says of whatever stands below it that it is a risk; and the words below it that say there is none.
_RISK_HEADER = re.compile(r"危险因素|风险因素|\brisk factors?\b", re.I)
_SAYS_NO = re.compile(
    r"否|不是|正常|低|低危|低风险|绿色?|单胎|自然受孕|0|n|no|none|false|f|normal|low|low[- ]risk|green|single|singleton"
    r"|(?:非|无|未见|否认|没有)[^,，;；、。\s]*|no [a-z -]+",
    re.I,
)


@dataclass(eq=False)
class MayBeExcluded(Refusal):
    package: str
    excluded: str
    message = N_(
        "“{package}” does not apply to: {excluded}. Something on file makes us ask: say first why it is right for her."
    )
    field = "exclusion_reason"

    def text(self, language: str) -> str:
        _ = translator(language)
        return _(self.message, package=self.package, excluded=listed(self.excluded.split(","), language))


# --- deeds ------------------------------------------------------------------------------------------


@deed("offer.write")
def answer_exclusion(stamp: Stamp, *, patient_id: int, package_id: int, reason: str) -> None:
    """Say once why a package is right for somebody whom it may exclude ("the doctor agrees"); from then on it may be
    offered and sold to her, until something else speaks against it, she buys it again, or is pregnant anew. Refuses an empty or long reason, an unknown package, a silenced or erased patient."""
    reason = reasons.given(reason)
    patient = get_patient(stamp, patient_id, speaking=True)
    newest = newest_row(stamp.session, package_id)
    if newest is None:
        raise UnknownPackage
    asked = _speaking_against(stamp, patient, document_of(newest))
    after = {"patient_id": patient_id, "package_id": package_id, "asked": list(asked), "reason": reason}
    stamp.audit(ANSWERED, ("patient", patient_id), after=after)


# --- questions --------------------------------------------------------------------------------------


@question("offer.write")
def exclusion_to_ask(look: Look, *, patient_id: int, package_id: int) -> tuple[str, ...]:
    """What the package excludes, as `listed` names it, where something on file makes it doubtful and nobody has answered
    yet; empty where there is nothing to ask."""
    patient = look.session.get(PatientRow, patient_id)
    newest = newest_row(look.session, package_id)
    if patient is None or newest is None:
        return ()
    return _doubtful(look, patient, package_id, document_of(newest))


# --- for other rooms --------------------------------------------------------------------------------


def refuse_excluded(stamp: Stamp, patient: PatientRow, package_id: int, document: PackageDocument) -> None:
    """Refuses `MayBeExcluded` while the question is open."""
    doubtful = _doubtful(stamp, patient, package_id, document)
    if doubtful:
        raise MayBeExcluded(document.name, ",".join(doubtful))


def mentions_exclusion(text: str) -> bool:
    """Whether a remark speaks of something that packages exclude."""
    return any(words.search(text) for _name, words in EXCLUSIONS.values())


def speaks_against(header: str, text: str) -> bool:
    """Whether a cell of a list speaks of something that packages exclude: by its words, or because it says "yes" to its
    header ("双胎": "是") or names a risk under it ("高危因素": "妊娠期糖尿病"). "否", "低风险" and a dash say nothing."""
    told = text.strip()
    if not told or _SAYS_NO.fullmatch(told):
        return False
    return mentions_exclusion(told) or bool(mentions_exclusion(header) or _RISK_HEADER.search(header))


def listed(excluded: tuple[str, ...] | list[str], language: str) -> str:
    """What is excluded, in words: kinds of `EXCLUSIONS`, and ages such as "<18" and ">40" (40 and older)."""
    _ = translator(language)

    def said(one: str) -> str:
        if one[0] == "<":
            return _("younger than {age} years", age=one[1:])
        if one[0] == ">":
            return _("{age} years and older", age=one[1:])
        return _(EXCLUSIONS[one][0])

    return _("; ").join(said(one) for one in excluded)


# --- inner ------------------------------------------------------------------------------------------


def _doubtful(look: Look, patient: PatientRow, package_id: int, document: PackageDocument) -> tuple[str, ...]:
    """What is still to ask; nothing but her own row is read where nothing speaks against it."""
    found = _speaking_against(look, patient, document)
    if not found:
        return ()
    answered = _answered(look, patient, package_id)
    return tuple(one for one in found if one not in answered)


def _speaking_against(look: Look, patient: PatientRow, document: PackageDocument) -> tuple[str, ...]:
    ages = [
        bound for bound in _ages(document.sop.scope_out) if _beyond(bound, patient.birth_date, look.today)
    ]
    kinds = [kind for kind, (_name, words) in EXCLUSIONS.items() if words.search(document.sop.scope_out)]
    if not asks_first(patient.note):
        kinds = [kind for kind in kinds if EXCLUSIONS[kind][1].search(patient.note)]
    return (*kinds, *ages)


def _ages(scope: str) -> Iterator[str]:
    for clause in _CLAUSE.split(unicodedata.normalize("NFKC", scope)):
        for pattern, sign, more in _BOUNDS:
            for match in pattern.finditer(clause):
                if _is_age(clause[: match.start(1)], clause[match.end(1) :]):
                    yield f"{sign}{int(match[1]) + more}"


def _is_age(before: str, behind: str) -> bool:
    """Whether a number between these words is one: it says years, or age is what was spoken of last and no other unit
    follows."""
    if _YEARS.match(behind):
        return True
    spoken = list(_MEASURED.finditer(before))
    return bool(spoken and spoken[-1]["age"]) and not _OTHER_UNIT.match(behind)


def _beyond(bound: str, born: date | None, today: date) -> bool:
    if born is None:
        return False
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return age < int(bound[1:]) if bound[0] == "<" else age >= int(bound[1:])


def _answered(look: Look, patient: PatientRow, package_id: int) -> set[str]:
    """What was answered for this package since she last bought it and since this pregnancy began."""
    bought = look.session.scalar(
        select(func.max(EnrolmentRow.at)).where(
            EnrolmentRow.patient_id == patient.id, EnrolmentRow.package_id == package_id
        )
    )
    began = dating_anchor(patient.last_period, patient.due_date)
    answers = look.session.execute(
        select(AuditEntryRow.at, AuditDetailRow.after)
        .join(AuditDetailRow, AuditDetailRow.entry_id == AuditEntryRow.id)
        .where(
            AuditEntryRow.subject_kind == "patient",
            AuditEntryRow.subject_id == patient.id,
            AuditEntryRow.kind == ANSWERED,
        )
    )
    return {
        one
        for at, after in answers
        if after["package_id"] == package_id
        and (bought is None or at >= bought)
        and (began is None or day_of(at, look.zone) >= began)
        for one in after.get("asked", ())
    }
