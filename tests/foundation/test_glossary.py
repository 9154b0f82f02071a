"""One word for one thing, wherever people read it: screens, audit labels, templates, reference texts, the demo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.foundation.catalogue import entries

HOME = Path(__file__).resolve().parents[2]
# What nobody shall read, and the word that stands in docs/glossary.md instead.
RETIRED = {
    "温柔停止|[Gg]entle stop": "静默关怀, quiet care",
    "印章|徽章|\\b[Ss]eals?\\b": "勋章, badge",
    "豁免|\\b[Ee]xcuse[ds]?\\b(?! me)": "医生免做, waive",
    "[“「]停止[”」]|一按停止|停止人|停止原因|医生停止|误停|[Pp]ress(?:es)? stop\\b|who stopped,": "静默关怀, quiet care; the cause of a refund: 医生终止服务",
    "基准日": "起算日, or the day it is: 出院日, 就诊当天",
    "节点": "关卡 for patients, 任务 for staff",
    "\\b(?:[Qq]uest|pregnancy|check-up|prenatal) packs?\\b|\\bthe pack\\b(?! in a)": "服务包, package",
}
# Sentences that read machine-made, or wrong, and what reads better: the kind of each, wherever it may come again.
WORSE = {
    "不必反应|逐周看|正常波动": "每周起伏正常，无需调整",
    "要不要反应": "需要处理吗",
    "\\} ?中有 ?\\{|\\d 中有 \\d": "应到 1,793 次，爽约 229 次",
    "没有可比的": "试点前无此数据",
    "没有基线：试点前没有|没有计到一次": "试点前无此数据：那时……",
    "医嘱豁免|豁免等同": "医生免做（算完成）",
    "关系患者安全|不能放行": "患者安全项，必须全部完成",
    "成批发": "批量发送（11 条）",
    "电话已打(?!通)": "我已致电",
    "算起，开通当天|不在孕期内，请核对末次": "末次月经……，到开通当天已超出孕期，请核对",
    "上次取出": "上次打印",
    "改变主意，什么都不用做": "不想打赏了？不付款即可",
    "预约的就诊 ?-|就诊 -\\d": "就诊前一天",
    "请填写名称": "请填写科室名称：哪一项的名称",
    "\\bnull\\b|silenced:|类型: [a-z]": "〔姓名〕：开启静默关怀（妊娠丢失）",
    "[Oo]rdinary (?:variation|ups and downs)|do not react|whether to react": "Normal variation. No action needed",
    "none of these figures is": "demonstration figures, not results",
    "Tasks that are\\b": "Show",
    "Another way, or not": "Other channel / Don't send",
    "Everything to Excel": "Export all (Excel)",
    "[Ww]hat points can become": "Rewards",
    "tip is possible": "You may add a tip; it is never expected",
    "\\btoday week\\b": "36 weeks + 6 days today",
    "(?:Fill|Empty) (?:these|a run of) days": "Assign / Clear these days",
    "weeks? with a meeting|周有约": "weeks we met",
    "Explain the pack(?!age)": "one word: package",
    "勋章集齐了|All collected": "已集 12 枚，达到 10 枚的目标: outlines may stand below",
    "No baseline: before the pilot": "Not measured before the pilot: …",
}
# Screens of staff alone; what patients read speaks of missions.
STAFF = re.compile(r"(?:care|insight|operations|packages|pages_(?:home|leader|manager|staff)\w*)\.po")


def texts() -> Iterator[tuple[str, str]]:
    for file, english, chinese in entries():
        yield file, english
        yield file, chinese
    folders = (HOME / "sop_templates", HOME / "data/reference/packages", HOME / "data/reference/sops")
    files = [path for folder in folders for path in folder.iterdir()]
    files += (HOME / "core/operations/demo").glob("*.yaml")
    for path in files:
        for line in path.read_text("utf-8").splitlines():
            yield path.name, line


@pytest.mark.parametrize("pattern", RETIRED)
def test_a_retired_word_is_read_nowhere(pattern: str) -> None:
    found = [f"{file}: {text[:90]}" for file, text in texts() if re.search(pattern, text)]
    assert not found, "\n".join([f"say {RETIRED[pattern]}", *found])


@pytest.mark.parametrize("pattern", WORSE)
def test_a_wording_that_read_wrong_is_read_nowhere_again(pattern: str) -> None:
    found = [f"{file}: {text[:90]}" for file, text in texts() if re.search(pattern, text)]
    assert not found, "\n".join([f"better: {WORSE[pattern]}", *found])


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Normal variation. No action needed.", "每周起伏正常，无需调整。"),
        ("Action needed?", "需要处理吗"),
        ("{n} visits due, {events} missed", "应到 {n} 次，爽约 {events} 次"),
        ("Not measured before the pilot", "试点前无此数据"),
        ("Waived", "医生免做（算完成）"),
        ("Patient safety: all must be met", "患者安全项，必须全部完成"),
        ("Quiet care", "静默关怀"),
        ("All {n} SMS as a list", "批量发送（{n} 条）"),
        ("The call was made", "我已致电"),
        ("Last printed on {day}.", "上次打印：{day}。"),
        ("Changed your mind about the tip? Simply do not pay.", "不想打赏了？不付款即可。"),
        ("The day before: {moment}", "{moment}前一天"),
        ("Visit time", "时间"),
        ("Please enter the name of the {field}.", "请填写{field}名称。"),
        ("demonstration figures, not results", "演示数据，不是真实结果"),
        ("Other channel / Don't send", "换方式发送／不发"),
        ("Export all (Excel)", "全部导出（Excel）"),
        ("Rewards", "奖励"),
        (
            "Scan and write your thanks. You may add a tip; it is never expected.",
            "扫一扫，写几句感谢的话；打赏随您心意",
        ),
        ("{weeks} weeks + {n} day today", "今天孕 {weeks} 周 + {n} 天"),
        ("Waive", "免做"),
        ("Assign", "排班"),
        ("Clear these days", "清空这些天"),
        ("week we met", "个星期相见"),
    ],
)
def test_the_better_wording_stands_in_both_languages(english: str, chinese: str) -> None:
    assert {key: said for _file, key, said in entries()}[english] == chinese


def test_staff_read_of_tasks_and_patients_of_missions() -> None:
    wrong = [
        f"{file}: {text[:90]}"
        for file, text in texts()
        if STAFF.fullmatch(file) and re.search(r"关卡|\b[Mm]issions?\b", text)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_word_of_the_glossary_has_both_languages_and_a_meaning() -> None:
    rows = [
        [cell.strip() for cell in line.split("|")[1:5]]
        for line in (HOME / "docs/glossary.md").read_text("utf-8").splitlines()
        if line.startswith("| ") and not line.startswith(("| term", "| ---"))
    ]
    assert len(rows) >= 25 and all(term and chinese and meaning for term, chinese, meaning, _stored in rows)
    assert len({term for term, *_ in rows}) == len(rows) == len({chinese for _term, chinese, *_ in rows})
