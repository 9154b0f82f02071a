"""The demo: one story, told alike by deeds and by rows, the same from the same seed, honest and never miraculous."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from core.bank.tables import AccountRow, LedgerEntryRow, VoucherRow
from core.bank.totals import integrity_check
from core.care.quiet_care import calls_to_make
from core.care.tables import AppointmentRow, EnrolmentRow, TaskRow
from core.care.work.worklist import due_list
from core.dialogue.answers.tables import AnswerRow
from core.dialogue.clocks.tables import CalendarDayRow, PromiseRunRow, PromiseStepRow
from core.dialogue.duty.tables import DutySpanRow
from core.dialogue.films.tables import RecordingRow
from core.dialogue.recordings.recordings import playable
from core.dialogue.tables import CaseRow
from core.foundation.access import SYSTEM, Actor
from core.foundation.clock import SetClock
from core.foundation.database import Base
from core.foundation.doors import Desk
from core.foundation.house import read_house
from core.foundation.touched_days import touched
from core.insight.board import board
from core.insight.tables import DailyCountRow
from core.keepsakes.album_list import finished_journeys
from core.keepsakes.albums import album
from core.operations import demo
from core.operations.demo import acts
from core.operations.demo.founding import PEOPLE, found
from core.operations.demo.knee import script
from core.operations.demo.known import Known
from core.operations.demo.making import ALWAYS_PLAYED, count_everything, perform
from core.operations.demo.stage import PACKAGE, ZONE, moment, stage, words
from core.operations.demo.story import Story, tell, told_text
from core.operations.workspaces import open_desk
from core.packages.shelf import overview
from core.packages.tables import PackageRow
from core.people.phone_links import issue_link
from core.people.tables import PatientRow, StaffRow
from core.phone.journey import journey
from core.recognition.counting import counted_characters
from core.recognition.praise import LEAST_CHARACTERS
from core.recognition.stories import inbox, wall, wall_months
from core.recognition.story_rules import check_story

NOON = datetime(2026, 3, 5, 4, tzinfo=UTC)
TODAY = date(2026, 3, 5)
# Trails and marks that only deeds leave; what is drawn by lot at the counter; and the order of print runs, because
# the rows' way takes the package live after the rows are there.
TRAILS = {"audit_entries", "audit_details", "requests", "touched_days"}
BY_LOT = {("vouchers", "code"), ("print_runs", "id"), ("cases", "code"), ("duty_spans", "open_cases")}
# What is said differs by language; when something was published does too, so that no cache mixes them up.
SAID = {
    "name", "name_key", "title", "text", "text_hash", "counted", "story", "reason", "comment", "evidence", "terms", "note",
    "call_note", "end_reason", "document", "hospital", "department", "address", "print_language", "language",
    "signed_by", "route", "floor", "digest", "doctor_name", "doctor_message", "nurse_name", "nurse_message", "caption",
    "published_at", "changed_at", "created_at", "own", "author", "why", "words", "advice", "hits", "short",
}  # fmt: skip


def opened(folder: Path, now: datetime = NOON) -> Desk:
    from core.foundation.settings import Settings

    return open_desk("demo", Settings(data_dir=folder), SetClock(now))


def content(desk: Desk, without: set[str] = frozenset()) -> dict[str, list[tuple[Any, ...]]]:  # type: ignore[assignment]
    """Every table's rows with their ids, sorted; without trails, lots and the columns named."""
    with desk.database.reading() as session:
        return {
            table.name: sorted(
                (
                    tuple(str(row[c.name]) for c in table.columns if (table.name, c.name) not in BY_LOT and c.name not in without)
                    for row in session.execute(select(table)).mappings()
                ),
            )
            for table in Base.metadata.sorted_tables
            if table.name not in TRAILS
        }  # fmt: skip


def digest(desk: Desk) -> str:
    media = "".join(desk.media.keys())
    return hashlib.sha256((repr(content(desk)) + media).encode()).hexdigest()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The whole demo in Chinese, made once at noon of a Thursday."""
    desk = opened(tmp_path_factory.mktemp("made"))
    demo.create(desk, "zh")
    yield desk
    desk.database.dispose()


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The demo of 25 patients and another seed; to be read only."""
    desk = opened(tmp_path_factory.mktemp("few"))
    demo.create(desk, "zh", seed=5, patients=25)
    yield desk
    desk.database.dispose()


@pytest.fixture(scope="module")
def whole() -> Story:
    return tell(stage(TODAY, "zh"), demo.making.SEED, demo.making.PATIENTS)


def small(whole: Story) -> Story:
    """A dozen people of the whole story, chosen so that everything that can happen happens to one of them."""
    chosen: set[int] = {0}
    for kind in sorted({type(act) for act in whole.acts}, key=lambda kind: kind.__name__):
        found = [act for act in whole.acts if type(act) is kind and act.who >= 0]
        chosen |= {act.who for act in found[:1] + found[-1:]}
    badges = next(act for act in whole.acts if isinstance(act, acts.Used) and act.reward == "LABOUR_500")
    tips = [act.number for act in whole.acts if isinstance(act, acts.TipSettled)]
    chosen |= {act.who for act in whole.acts if isinstance(act, acts.Praised) and act.number in tips[:2]} - {
        -1
    }
    chosen |= {badges.who} | {
        act.friend for act in whole.acts if isinstance(act, acts.Thanked) and act.who in chosen
    }
    kept = [
        act
        for act in whole.acts
        if act.who in chosen or (act.who < 0 and not isinstance(act, acts.Imported))
        if not isinstance(act, acts.Thanked) or act.friend in chosen
    ]
    written = {act.number for act in kept if isinstance(act, acts.Praised)}
    kept = [
        act
        for act in kept
        if not isinstance(act, (acts.TipSettled, acts.StoryDecided)) or act.number in written
    ]
    people = tuple(person for person in whole.people if person.number in chosen)
    numbers = tuple(person.number for person in people if person.joined < whole.stage.begins)
    first = acts.Imported(moment(whole.stage.begins, 7, 40), -1, numbers)
    return Story(whole.stage, people, (first, *kept))


# --- deeds and rows -----------------------------------------------------------------------------------


def test_rows_written_in_bulk_are_those_the_deeds_would_have_written(whole: Story, tmp_path: Path) -> None:
    story = small(whole)
    early = {type(act) for act in story.acts if act.at < story.cut} - set(ALWAYS_PLAYED)
    expected = {
        acts.Added, acts.Offered, acts.Enrolled, acts.Booked, acts.Attended, acts.Missed, acts.CalledOff, acts.Done,
        acts.Excused, acts.Measured, acts.Answered, acts.Praised, acts.TipSettled, acts.StoryDecided, acts.Thanked,
        acts.Took, acts.Used, acts.Completed, acts.Left, acts.OwnNurseNamed,
    }  # fmt: skip
    assert early == expected, "the small history must hold everything that is written in bulk"
    contents = []
    for name, cut in (("deeds", story.acts[0].at), ("rows", story.cut)):
        desk, clock = opened(tmp_path / name), SetClock(NOON)
        room = Desk(desk.database, desk.media, clock)
        perform(room, clock, Known(story, found(room, clock, story.stage)), cut, lambda share: None)
        if name == "deeds":
            # The deeds' own marks must be enough; the bulk counts every day.
            with desk.database.writing() as session:
                from core.insight.rollups import recount_touched

                recount_touched(session)
        else:
            count_everything(room, story.stage)
        contents.append(content(desk))
        assert desk.ask(SYSTEM, integrity_check).sound
        desk.database.dispose()
    by_deeds, by_rows = contents
    assert len(by_deeds["daily_counts"]) > 300
    for table in by_deeds:
        assert by_rows[table] == by_deeds[table], table


def test_the_bulk_refuses_what_belongs_to_a_deed(whole: Story, tmp_path: Path) -> None:
    from core.operations.demo.making import write_in_bulk

    desk, clock = opened(tmp_path), SetClock(NOON)
    room = Desk(desk.database, desk.media, clock)
    known = Known(whole, found(room, clock, whole.stage))
    stop = next(act for act in whole.acts if isinstance(act, acts.Stopped))
    with pytest.raises(TypeError, match="Stopped"):
        write_in_bulk(room, known, [stop])


# --- the same again -----------------------------------------------------------------------------------


def test_the_same_seed_and_moment_make_the_same_demo(few: Desk, tmp_path: Path) -> None:
    digests = [digest(few)]
    for seed in (5, 6):
        desk = opened(tmp_path / str(seed))
        demo.create(desk, "zh", seed=seed, patients=25)
        digests.append(digest(desk))
        desk.database.dispose()
    assert digests[0] == digests[1]
    assert digests[2] != digests[0]


@pytest.mark.parametrize("hours", [-11.9, -3, 5.5, 10, 11.95])
def test_what_waits_is_in_time_whenever_the_demo_is_made(tmp_path: Path, hours: float) -> None:
    """Just after midnight, in the morning, between the hours of films, late in the evening."""
    now = NOON + timedelta(hours=hours)
    desk = opened(tmp_path, now)
    demo.create(desk, "zh", seed=5, patients=12)
    with desk.database.reading() as session:
        open_runs = session.execute(
            select(CaseRow.kind, PromiseRunRow.due_at).join(PromiseRunRow, PromiseRunRow.case_id == CaseRow.id).where(
                CaseRow.state == "open"
            )
        )  # fmt: skip
        due = [(kind, at > now + timedelta(minutes=20)) for kind, at in open_runs]
        latest = session.scalar(select(func.max(CaseRow.opened_at)))
    desk.database.dispose()
    assert sorted(due) == [
        ("alert", True),
        ("film", False),
        ("film", True),
        ("question", True),
        ("sign", True),
    ]
    assert latest and latest <= now


def test_both_languages_tell_one_story(few: Desk, tmp_path: Path) -> None:
    english = opened(tmp_path)
    demo.create(english, "en", seed=5, patients=25)
    contents = []
    for language, desk in (("zh", few), ("en", english)):
        contents.append(content(desk, SAID))
        with desk.database.reading() as session:
            texts = " ".join(session.scalars(select(PatientRow.name)))
            house = read_house(session)
        assert texts.isascii() == (language == "en")
        assert house and house.print_language == language and house.simulated
    english.database.dispose()
    assert contents[0] == contents[1]


def test_the_words_of_both_languages_match_and_keep_the_rules_of_the_wall() -> None:
    zh, en = words("zh"), words("en")

    def shape(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: shape(each) for key, each in value.items() if key not in ("place", "role")}
        return [shape(each) for each in value] if isinstance(value, list) else bool(value)

    assert shape(zh) == shape(en)
    assert len(zh["praise"]) >= 40
    for language in ("zh", "en"):
        for number, written in enumerate(words(language)["praise"]):
            assert (written["place"], written["role"]) == (
                zh["praise"][number]["place"],
                zh["praise"][number]["role"],
            )
            username = next((entry[0] for entry in PEOPLE if entry[1] == written["role"]), "")
            text = told_text(language, number, username)
            assert counted_characters(text) >= LEAST_CHARACTERS
            check_story(text)


# --- what is in it ------------------------------------------------------------------------------------


def test_money_points_badges_and_receipts_add_up(made: Desk) -> None:
    bank = made.ask(SYSTEM, integrity_check)
    assert bank.sound and bank.accounts > 60 and bank.points > 0
    with made.database.reading() as session:
        receipts = list(session.scalars(select(EnrolmentRow.receipt_number)))
        assert len(set(receipts)) == len(receipts) > 60
        assert session.scalar(select(func.count()).where(LedgerEntryRow.kind == "redeem")) == session.scalar(
            select(func.count()).where(VoucherRow.entry_id.is_not(None))
        )
        counted = (
            select(TaskRow.enrolment_id, func.count())
            .where(TaskRow.counts_for_badge, TaskRow.state.in_(("done", "excused")))
            .group_by(TaskRow.enrolment_id)
        )
        badges = {row[0]: row[1] for row in session.execute(counted)}
        promised = {
            row.id
            for row in session.scalars(select(EnrolmentRow))
            if row.badge_target and badges.get(row.id, 0) >= row.badge_target
        }
        held = set(
            session.scalars(select(VoucherRow.enrolment_id).where(VoucherRow.enrolment_id.is_not(None)))
        )
        assert held == promised and promised
        assert {"issued", "redeemed"} <= set(session.scalars(select(VoucherRow.state)))
        assert session.scalar(select(func.min(AccountRow.balance))) >= 0
        assert not touched(session)
        assert session.scalar(select(func.count()).select_from(DailyCountRow)) > 1000
        first = select(PackageRow.id).where(PackageRow.code == PACKAGE).scalar_subquery()
        versions = set(
            session.scalars(select(EnrolmentRow.version_id).where(EnrolmentRow.package_id == first))
        )
        assert len(versions) == 2, "some hold the first version, some the second"


def test_every_phone_and_record_number_is_of_the_invented_kind(made: Desk) -> None:
    with made.database.reading() as session:
        people = list(session.scalars(select(PatientRow)))
    assert 330 <= len(people) <= 400
    assert all(person.phone.startswith("1990000") and len(person.phone) == 11 for person in people)
    assert len({person.phone for person in people}) == len(people)
    names = "".join(person.name for person in people)
    assert all(rare in names for rare in "堃喆昇")


def test_today_waits_for_the_nurse(made: Desk) -> None:
    with made.database.reading() as session:
        visits = list(session.scalars(select(AppointmentRow.state).where(AppointmentRow.day == TODAY)))
    assert len(visits) >= 10 and set(visits) == {"booked"}
    work = made.ask(SYSTEM, due_list)
    assert work.counts["open"] and work.counts["due"] and work.counts["overdue"]
    assert sum(row.appointment_at is not None for row in work.rows) >= 5


def test_everybody_in_care_has_her_own_nurse(made: Desk) -> None:
    running = select(PatientRow.own_nurse_id).join(EnrolmentRow).where(EnrolmentRow.status == "active")
    with made.database.reading() as session:
        nurses = list(session.scalars(running))
    assert nurses and None not in nurses and len(set(nurses)) == 3
    assert all(row.own_nurse for row in made.ask(SYSTEM, due_list).rows)


def test_the_showcase_stands_before_her_tenth_badge(made: Desk) -> None:
    patient_id = demo.showcase(made)
    assert patient_id is not None
    shown = made.ask(Actor("patient", patient_id), journey)
    assert (shown.badges_earned, shown.badge_target) == (9, 10)
    assert shown.package is not None and shown.package.week_text == "33+4"
    assert shown.next is not None and shown.next.code == "P10" and shown.next.appointment_at is not None
    assert len(shown.growth) >= 4
    assert made.do(SYSTEM, issue_link, patient_id=patient_id)


def test_the_wall_has_stories_every_month_and_the_inbox_some_more(made: Desk) -> None:
    months = made.ask(SYSTEM, wall_months)
    assert months[0] == TODAY.replace(day=1) and len(months) >= 6
    assert all(made.ask(SYSTEM, wall, month=month) for month in months)
    assert len(made.ask(SYSTEM, inbox)) >= 3


def test_two_albums_are_ready_and_two_patients_are_quiet(made: Desk) -> None:
    ready = [line for line in made.ask(SYSTEM, finished_journeys, page_size=200).rows if line.photos]
    assert [line.photos for line in ready] == [5, 5]
    book = made.ask(SYSTEM, album, enrolment_id=ready[0].enrolment_id)
    assert book.doctor_message and book.nurse_message and all(photo.caption for photo in book.photos)
    assert all(made.media.size(photo.media_key) < 200_000 for photo in book.photos)
    calls = made.ask(SYSTEM, calls_to_make)
    assert [call.kind for call in calls] == ["loss"] and calls[0].refund_proposed
    with made.database.reading() as session:
        quiet = select(func.count()).where(PatientRow.silenced_at.is_not(None))
        assert session.scalar(quiet) == 2


def test_the_figures_are_modest_and_one_is_still_open(made: Desk) -> None:
    figures = made.ask(SYSTEM, board).figures
    verdicts = {code: figure.verdict.code for code, figure in figures.items() if figure.verdict}
    assert verdicts["noshow"] == "clear_improvement"
    assert verdicts["satisfied"] == "too_early"
    before, after = (n / d for n, d in (figures["noshow"].before, figures["noshow"].after))
    assert 0.12 < before < 0.2 and 0.6 < after / before < 0.9
    sold, offered = figures["uptake"].after
    assert 0.3 < sold / offered < 0.55


@pytest.mark.parametrize("today", [date(2026, 3, 1), date(2026, 7, 31), date(2027, 1, 1)])
def test_the_story_is_as_good_on_any_day(today: date) -> None:
    """A Sunday, a first of the month, a New Year's Day: today is busy, the present month has a wall."""
    story = tell(stage(today, "zh"), demo.making.SEED, demo.making.PATIENTS)
    last = moment(today, 0, 1)
    assert all(act.at <= last for act in story.acts), "nothing happens later than now"
    visits = [act for act in story.acts if isinstance(act, acts.Booked)]
    assert sum(act.when.astimezone(ZONE).date() == today for act in visits) >= 6
    month = today.replace(day=1)
    stories = [act for act in story.acts if isinstance(act, acts.StoryDecided) and act.story]
    assert sum(act.at.astimezone(ZONE).date() >= month for act in stories) >= 2
    kinds = {type(act) for act in story.acts}
    assert {acts.Stopped, acts.AlbumMade, acts.Thanked, acts.Left, acts.Excused, acts.Refunded} <= kinds
    missed = [act for act in story.acts if isinstance(act, acts.Missed)]
    assert sum(act.at < moment(story.stage.pilot, 0) for act in missed) > 0.52 * len(missed)


# --- the second package ---------------------------------------------------------------------------------


def test_eight_knee_patients_are_at_home_around_today(made: Desk) -> None:
    with made.database.reading() as session:
        knee = select(PackageRow.id).where(PackageRow.code == "knee_7days").scalar_subquery()
        rows = list(session.scalars(select(EnrolmentRow).where(EnrolmentRow.package_id == knee)))
        assert len(rows) == 8 and all(row.status == "active" and row.anchor_date < TODAY for row in rows)
        answered = dict(
            session.execute(select(AnswerRow.kind, func.count()).group_by(AnswerRow.kind)).tuples().all()
        )
    assert {"value", "scale", "count", "checklist", "tick", "video"} <= set(answered)
    assert answered["value"] > 20 and answered["scale"] > 20, "her charts have something to show"
    gate = made.ask(SYSTEM, overview)
    assert all(line.on_sale for line in gate if line.code in (PACKAGE, "knee_7days"))


def test_one_night_the_ladder_worked_and_one_alert_was_answered_too_late(made: Desk) -> None:
    with made.database.reading() as session:
        alerts = list(session.scalars(select(CaseRow).where(CaseRow.kind == "alert").order_by(CaseRow.id)))
        runs = {run.case_id: run for run in session.scalars(select(PromiseRunRow))}
        steps = {
            each.id: [step.step for step in session.scalars(
                select(PromiseStepRow).where(PromiseStepRow.run_id == runs[each.id].id).order_by(PromiseStepRow.id)
            )]
            for each in alerts
        }  # fmt: skip
        kept, late = (runs[each.id] for each in alerts if each.decision)
        staff = {row.id: row.username for row in session.scalars(select(StaffRow))}
    assert [each.decision for each in alerts] == ["watch", "come_in", ""]
    assert kept.met_at and kept.met_at <= kept.due_at and staff[kept.met_by or 0] == "demo.doctor2"
    assert "rung_1" in steps[alerts[0].id] and "missed" not in steps[alerts[0].id]
    assert late.met_at and late.met_at > late.due_at and steps[alerts[1].id][-1] == "missed"


def test_the_evening_shift_was_handed_over_with_what_was_open(made: Desk) -> None:
    with made.database.reading() as session:
        (handed,) = session.scalars(select(DutySpanRow).where(DutySpanRow.handed_to.is_not(None)))
        waiting = {row.kind for row in session.scalars(select(CaseRow).where(CaseRow.state == "open"))}
        films = list(session.scalars(select(RecordingRow).where(RecordingRow.kind == "film")))
        covered = list(session.scalars(select(DutySpanRow).where(DutySpanRow.ends_at > made.clock.now())))
        calendar = session.scalar(select(func.count()).select_from(CalendarDayRow))
    assert (
        handed.received_at and handed.note and {one[2] for one in handed.open_cases or []} >= {"film", "sign"}
    )
    assert waiting == {"alert", "silence", "sign", "film", "question"}
    assert [film.state for film in films] == ["ready"] * 4
    assert all(made.media.read(film.key)[4:8] == b"ftyp" and film.size < 20_000 for film in films)
    played = [made.ask(SYSTEM, playable, recording_id=film.id) for film in films]
    assert all(one.media_type == "video/mp4" for one in played), "the desk plays them"
    assert {span.role for span in covered} == {"nurse", "doctor"} and calendar


def test_the_obstetrics_story_is_untouched_by_the_second_package(made: Desk) -> None:
    with made.database.reading() as session:
        first = session.scalar(select(PackageRow.id).where(PackageRow.code == PACKAGE))
    figures = made.ask(SYSTEM, board, package_id=first).figures
    sold, offered = figures["uptake"].after
    assert 0.3 < sold / offered < 0.55


@pytest.mark.parametrize("today", [date(2026, 3, 1), date(2027, 1, 1)])
def test_of_the_knee_ward_only_what_waits_happens_today(today: date) -> None:
    now = moment(today, 13)
    told = script(stage(today, "zh"), now)
    assert [one.at for one in told] == sorted(one.at for one in told)
    waiting = [one.at for one in told if one.at >= moment(today, 0)]
    assert len(waiting) == 4 and all(now - timedelta(hours=1) < at < now for at in waiting)
