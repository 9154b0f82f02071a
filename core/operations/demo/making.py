"""Making the demo: 26 weeks before the pilot and 26 weeks of it, the same from the same seed and day."""

from __future__ import annotations

import tempfile
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from core.care.tables import TaskRow
from core.foundation.access import SYSTEM
from core.foundation.clock import SetClock
from core.foundation.doors import Desk
from core.foundation.settings import settings
from core.foundation.touched_days import touch
from core.insight.rollups import recount_touched
from core.operations import demo_schema
from core.operations.demo import acts
from core.operations.demo.founding import found
from core.operations.demo.knee import Scene, script
from core.operations.demo.knee_deeds import KneeWard
from core.operations.demo.known import Known
from core.operations.demo.people import RECORDS_FROM, SHOWCASE
from core.operations.demo.playing import Player
from core.operations.demo.stage import Stage, moment, stage
from core.operations.demo.story import tell
from core.operations.demo.writing import Writer
from core.operations.workspaces import on_postgres, open_desk, put_demo
from core.people.tables import PatientRow

_turn = threading.Lock()
PATIENTS = 400
SEED = 20_260_305
# Few and of a kind that reaches into other rooms: always played, whenever they happened.
ALWAYS_PLAYED = (acts.Imported, acts.Published, acts.SopApproved, acts.WentLive, acts.PostersPrinted)
# Going live asks what the rows say, the visits of the time before the pilot; what follows it comes after.
AFTER_THE_ROWS = (acts.WentLive, acts.PostersPrinted)


def create(
    desk: Desk,
    language: str,
    *,
    seed: int = SEED,
    patients: int = PATIENTS,
    progress: Callable[[float], object] = lambda share: None,
) -> None:
    """Fill an empty workspace with the simulated department; `progress` hears shares from 0 to 1.

    House, packages and the last three days go through the deeds of real use, the days before are written in bulk.
    The same seed, moment and language give the same content (of the moment only the day matters, but for what waits on
    Replies); every figure of it is invented.
    """
    today, now = desk.ask(SYSTEM, lambda look: (look.today, look.now))
    scene, clock = stage(today, language), SetClock(moment(today, 0))
    room = Desk(desk.database, desk.media, clock)
    staff = found(room, clock, scene)
    progress(0.05)
    story = tell(scene, seed, patients)
    progress(0.2)
    perform(
        room,
        clock,
        Known(story, staff),
        story.cut,
        lambda share: progress(0.2 + 0.75 * share),
        script(scene, now),
    )
    count_everything(room, scene)
    progress(1.0)


def remake(
    language: str,
    *,
    seed: int = SEED,
    patients: int = PATIENTS,
    progress: Callable[[float], object] = lambda share: None,
) -> None:
    """Make a demo beside the present one and put it in its place when it is whole; the real department is not
    touched. Two people asking at once wait for each other, on several machines too."""
    config = settings()
    shared = on_postgres("department", config)
    with _turn, demo_schema.alone(str(config.database_url)) if shared else nullcontext():
        config.data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".making-", dir=config.data_dir) as beside:
            own = config.model_copy(update={"data_dir": Path(beside)})
            if on_postgres("demo", own):
                demo_schema.begin(str(config.database_url))
            desk = open_desk("demo", own, making=True)
            try:
                create(desk, language, seed=seed, patients=patients, progress=progress)
            finally:
                desk.database.dispose()
            put_demo(Path(beside) / "demo")


def perform(
    desk: Desk,
    clock: SetClock,
    known: Known,
    cut: datetime,
    progress: Callable[[float], object],
    beside: Sequence[Scene] = (),
) -> None:
    """Let the story happen: before `cut` as rows (but for what is always played), from then on as deeds. What happens
    `beside` it (the knee ward) is played throughout, in its turn."""
    told, player = known.story.acts, Player(desk, clock, known)
    past = [act for act in told if act.at < cut]
    for act in past:
        if isinstance(act, ALWAYS_PLAYED) and not isinstance(act, AFTER_THE_ROWS):
            player.play(act)
    write_in_bulk(desk, known, [act for act in past if not isinstance(act, ALWAYS_PLAYED)])
    for act in past:
        if isinstance(act, AFTER_THE_ROWS):
            player.play(act)
    progress(0.4)
    ward = KneeWard(desk, clock, known)
    scenes = deque(beside)
    for number, act in enumerate(told[len(past) :], start=1):
        while scenes and scenes[0].at <= act.at:
            _show(ward, scenes.popleft())
        player.play(act)
        progress(0.4 + 0.6 * number / (len(told) - len(past)))
    for scene in scenes:
        _show(ward, scene)


def _show(ward: KneeWard, scene: Scene) -> None:
    ward.clock.moment = scene.at
    scene.deed(ward)


def write_in_bulk(desk: Desk, known: Known, past: list[acts.Act]) -> None:
    """Write acts as rows, all in one transaction."""
    with desk.database.writing() as session:
        writer = Writer(session, known)
        for act in past:
            writer.take(act)
        writer.write()


def count_everything(desk: Desk, scene: Stage) -> None:
    """Count every day from the first of the story to the last mission planned in it."""
    with desk.database.writing() as session:
        last = max(session.scalar(select(func.max(TaskRow.closes_on))) or scene.today, scene.today)
        touch(session, (scene.begins + timedelta(days=n) for n in range((last - scene.begins).days + 1)))
        recount_touched(session)


def showcase(desk: Desk) -> int | None:
    """The patient whose phone a demonstrator shows; None outside a demo. Her link is issued when it is needed,
    because the house keeps only its hash."""
    wanted = select(PatientRow.id).where(PatientRow.record_number == f"AH{RECORDS_FROM + SHOWCASE}")
    found_id: int | None = desk.ask(
        SYSTEM, lambda look: look.session.scalar(wanted) if look.house.simulated else None
    )
    return found_id
