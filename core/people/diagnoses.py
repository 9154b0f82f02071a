"""Diagnoses are not a department's to show beside a name: what reads like one, and the neutral question that stands in a
note instead. Our own list of words, wide rather than narrow: a remark that is left out can be asked again."""

from __future__ import annotations

import re

from core.foundation.language import LANGUAGES, N_, translator
from core.people.patient_rules import LONGEST

# What an import leaves in the note of somebody whose list spoke of an exclusion: a question, not an answer.
ASK_FIRST = N_("Before a package is offered, ask whether it excludes her.")

_DIAGNOSIS = re.compile(
    r"诊断|高危|高风险|妊娠期|妊高|子痫|糖尿病|高血压|贫血|甲减|甲亢|甲状腺|瘢痕子宫|疤痕子宫|前置胎盘|双胎|双胞胎|三胎妊娠|三胞胎|多胎|臀位|早产|流产|胎停|保胎"
    r"|乙肝|丙肝|梅毒|艾滋|肝炎|结核|肿瘤|肌瘤|囊肿|癌|抑郁|焦虑|癫痫|哮喘|心脏病|肾病|红斑狼疮|血栓|畸形|染色体|试管|辅助生殖|不孕|既往史|手术史"
    r"|骨折|关节炎|感染|G\d+P\d+|\b[A-TV-Z]\d{2}\.\d"
    r"|\b(?:diagnos\w+|hypertens\w+|diabet\w+|gdm|an(?:a)?emia|thyroid\w*|twins?|triplets?|multiple pregnanc\w+|high[- ]risk|pre-?eclampsia|hepatitis|hbv|hiv"
    r"|syphilis|cancer|tumou?r|depress\w+|epilep\w+|asthma|ivf|icsi|assisted (?:conception|reproduction)|miscarriage|placenta|arthritis)\b",
    re.IGNORECASE,
)
# A code of ICD-10 without its decimal: a bed or a gate is called so as well.
_CODE = re.compile(r"\b[A-TV-Z]\d{2}\b", re.IGNORECASE)


def reads_like_diagnosis(text: str) -> bool:
    """Whether a remark may name a diagnosis, a risk or a history of one."""
    return bool(_CODE.search(text)) or names_diagnosis(text)


def names_diagnosis(text: str) -> bool:
    """The same, sure enough to leave a single remark out: "A12" alone is rather a bed than a code."""
    return bool(_DIAGNOSIS.search(text))


def asks_first(note: str) -> bool:
    """Whether the question stands in this note, in whatever language it was written."""
    return any(translator(language)(ASK_FIRST) in note for language in LANGUAGES)


def with_question(note: str, question: str) -> str | None:
    """The note and behind it the question (`ASK_FIRST` in the language of who writes); as it is where the question stands
    in it, None where it has no room."""
    if not question or asks_first(note) or question in note:
        return note
    longer = f"{note} {question}" if note else question
    return longer if len(longer) <= LONGEST["note"] else None
