"""What can be read about a patient or a past visit, and the headers under which hospital systems keep it.

The identity card number and the sex are never read: nothing here needs them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.foundation.language import N_
from core.people.patient_dates import COURSE_DAYS
from core.people.patient_rules import LABELS


@dataclass(frozen=True)
class Field:
    """One thing that can be read of a row. `label`, `hint`, `example` are catalogue texts; `headers` are
    known headers in their plain form (see `columns.plain_header`), the best first; a Chinese header that merely
    contains one of `parts` counts as a weaker match."""

    name: str
    label: str
    hint: str
    headers: tuple[str, ...]
    parts: tuple[str, ...]
    example: str = ""
    required: bool = False
    recommended: bool = False
    # Whether the empty form has a column for it.
    in_form: bool = True


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


_ALL = (
    Field(
        "name",
        LABELS["name"],
        N_("As in the hospital's records; no digits, no bed numbers."),
        _words(
            "姓名|患者姓名|病人姓名|孕妇姓名|孕产妇姓名|产妇姓名|就诊人|就诊人姓名|客户姓名|患者|病人|孕妇"
            "|名字|xm|brxm|hzxm|patient name|pat name|client name|name|full name|patient|patient full name|patients name"
        ),
        _words("姓名"),
        example=N_("Example patient"),
        required=True,
    ),
    Field(
        "record_number",
        LABELS["record_number"],
        N_("The number that belongs to one patient only, with its leading zeros."),
        # Numbers for life come before numbers of a stay or a card.
        _words(
            "病历号|病案号|病历号码|病案号码|病历编号|登记号|患者编号|患者id|病人id|病人编号|患者唯一号"
            "|患者主索引|patient id|mrn|record number|medical record number|record no|medical record no"
            "|patient number|patient no|档案号|建档号|id号|门诊号|门诊号码|就诊卡号|就诊卡|诊疗卡号|诊疗卡"
            "|健康卡号|卡号|住院号|住院号码|就诊号|hospital number|hospital no|outpatient number|card number"
            "|card no|admission number|admission no|patid|pat id|brid|blh|bah|mzh|patient code|chart number|chart no"
        ),
        _words("病历号|病案号|登记号|患者编号|患者id|病人id|档案号|门诊号|就诊卡号|诊疗卡号|住院号"),
        required=True,
    ),
    Field(
        "phone",
        LABELS["phone"],
        N_("A mainland mobile of 11 digits, or a landline with its area code; one number only."),
        _words(
            "手机号|手机号码|手机|患者手机号|患者手机|本人手机号|本人手机|移动电话|联系手机|联系电话|电话号码"
            "|电话|患者电话|本人电话|联系方式|phone|mobile|mobile phone|mobile number|mobile no|phone number"
            "|phone no|telephone|telephone number|tel|tel no|cell|cell phone|cellphone|contact number|contact phone"
            "|mobile or landline|联络电话|sjh|sjhm|lxdh"
        ),
        _words("手机号|手机|联系电话|电话"),
        example="13800000000",
        recommended=True,
    ),
    Field(
        "birth_date",
        N_("Date of birth"),
        N_("Year first: 1993-05-20."),
        _words(
            "出生日期|出生年月日|生日|患者出生日期|出生年月|date of birth|birth date|birthdate|dob|birthday|csrq"
        ),
        _words("出生日期|出生年月"),
        example="1993-05-20",
    ),
    Field(
        "last_period",
        N_("First day of last period"),
        N_("For pregnancies; not older than 310 days. Leave it empty where it is not known."),
        _words(
            "末次月经|末次月经日期|末次月经时间|末次月经第一天|末次月经首日|lmp|lmp日期|last menstrual period"
            "|last period|first day of last period|first day of last menstrual period|lmp date|date of lmp|mcyj|mcyjrq"
        ),
        _words("末次月经|lmp"),
    ),
    Field(
        "due_date",
        N_("Due date"),
        N_("For pregnancies; it may differ by at most 28 days from last period + 280 days."),
        _words(
            "核实预产期|核对预产期|修正预产期|校正预产期|预产期|预产期日期|预计分娩日期|预产日期|edd|edc|due date"
            "|estimated due date|expected due date|expected date of delivery|estimated date of delivery|edd date|ycq|yjcq"
        ),
        _words("预产期|edd"),
    ),
    Field(
        "operation_date",
        COURSE_DAYS["operation_date"],
        N_("Where a package is counted from it: the sale brings it along. At most a year ahead."),
        _words(
            "手术日期|手术日|手术时间|手术开始时间|开刀日期|剖宫产日期|day of the operation|operation date|operation day|date of operation"
            "|date of the operation|surgery date|date of surgery|day of surgery|procedure date|ssrq|sssj"
        ),
        _words("手术日期|手术时间"),
    ),
    Field(
        "discharge_date",
        COURSE_DAYS["discharge_date"],
        N_("Where a package is counted from it: the sale brings it along. At most a year ahead."),
        _words(
            "出院日期|出院日|出院时间|离院日期|day of discharge|discharge date|discharge day|date of discharge|discharged on"
            "|discharge time|cyrq|cysj"
        ),
        _words("出院日期|出院时间"),
    ),
    Field(
        "note",
        LABELS["note"],
        N_("Anything the team should see, up to 300 characters."),
        _words("备注|备注信息|备注说明|说明|特殊说明|注|remarks|remark|note|notes|comment|comments"),
        _words("备注"),
    ),
)

FIELDS: dict[str, Field] = {field.name: field for field in _ALL}

_VISIT = (
    Field(
        "day",
        N_("Day of the visit"),
        N_("Year first: 2025-11-03. The day the patient was to come, not the day of booking."),
        _words(
            "就诊日期|就诊时间|预约就诊日期|预约就诊时间|预约日期|预约时间|看诊日期|出诊日期|到诊日期|来院日期|挂号日期|检查日期"
            "|日期|day of the visit|visit date|visit day|date of visit|appointment date|appointment day|appt date|date of appointment"
            "|encounter date|date|day|appointment time|appointment datetime|visit time|visit datetime|jzrq|jzsj|yyrq"
        ),
        _words("就诊日期|就诊时间|预约日期|预约时间|看诊日期|出诊日期|挂号日期"),
        example="2025-11-03",
        required=True,
    ),
    Field(
        "state",
        N_("Attended, missed or cancelled"),
        N_("In the words of your system; the page shows how each of them is understood."),
        _words(
            "就诊状态|到诊状态|到诊情况|就诊情况|履约状态|履约情况|预约状态|挂号状态|签到状态|就诊结果|状态|是否到诊|是否就诊|是否爽约"
            "|到诊|爽约|就诊标志|到诊标志|看诊标志|接诊标志|attended or did not attend code|attended or did not attend"
            "|attended or did not attend status|attendance code|see flag|seen flag|visit flag|attended flag|arrived flag"
            "|no show flag|noshow flag|appt status|appointment outcome|attended missed or cancelled|visit status|appointment status|attendance|attendance status|outcome"
            "|status|state|attended|no show|noshow"
        ),
        _words("就诊状态|到诊|履约|爽约|预约状态|就诊结果"),
        example=N_("Attended"),
        required=True,
    ),
    Field(
        "state_too",
        N_("Second column of the same"),
        N_(
            "Where one column says that she came and another that it was cancelled; both together make the state."
        ),
        _words(
            "是否取消|是否退号|取消标志|退号标志|退号状态|取消状态|作废标志|爽约标志|cancel flag|cancelled flag|canceled flag"
            "|cancelled|canceled|is cancelled|is canceled|cancellation flag|cancel status|refund flag|void flag|是否爽约|no show|noshow"
        ),
        _words("是否取消|是否退号|取消标|退号标|作废标"),
        in_form=False,
    ),
    replace(
        FIELDS["record_number"],
        hint=N_(
            "Optional: it ties the visit to a patient on file. Without it the visit counts all the same."
        ),
        required=False,
    ),
)
VISIT_FIELDS: dict[str, Field] = {field.name: field for field in _VISIT}

# What a table may be about; every step of reading one is told which.
KINDS: dict[str, dict[str, Field]] = {"patients": FIELDS, "visits": VISIT_FIELDS}
