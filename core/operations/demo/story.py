"""The whole story of the demo in the order in which it happened: every life, and what joins them.

Praise finds its words here, friends thank each other, two patients are met by a gentle stop, and two finished
journeys become albums. The last three days are left to the deeds of real use, all days before may be written in
bulk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from core.foundation.errors import Refusal
from core.operations.demo import acts, stage
from core.operations.demo.founding import PEOPLE
from core.operations.demo.habits import SATISFIED, Praise
from core.operations.demo.lives import Life, lives
from core.operations.demo.people import Person, people
from core.operations.demo.stage import Stage, moment
from core.recognition.story_rules import check_story

TIPS_FEN = (660, 880, 1000, 1880, 2000, 2800, 5000, 6600)
FRESH = timedelta(days=11)
IN_BASELINE = 9
RECENT = 10


@dataclass(frozen=True)
class Story:
    """Everybody in it and everything that happens, sorted by time; `cut` is where the last three days begin."""

    stage: Stage
    people: tuple[Person, ...]
    acts: tuple[acts.Act, ...]

    @property
    def cut(self) -> datetime:
        return moment(self.stage.today - timedelta(days=3), 0)

    @property
    def imported(self) -> tuple[Person, ...]:
        return tuple(person for person in self.people if person.joined < self.stage.begins)


def tell(scene: Stage, seed: int, patients: int) -> Story:
    """The story of `patients` people; the same for the same seed, day and number, in either language."""
    cast = people(scene, seed, patients)
    told = list(lives(scene, cast, seed))
    rng = Random(f"{seed}:story")
    everything = [act for life in told for act in life.told]
    stopped = _stops(scene, told)
    everything += _housekeeping(scene, cast)
    everything += _answers(scene, told, rng)
    everything += _praise(scene, told, {act.who for act in stopped}, rng)
    everything += _thanks(told, {act.who for act in stopped})
    everything += _albums(scene, told)
    quiet_from = {act.who: act.at for act in stopped if isinstance(act, acts.Stopped)}
    kept = [act for act in everything if act.at < quiet_from.get(act.who, act.at + timedelta(1))]
    order = sorted(kept + stopped, key=lambda act: (act.at, act.who))
    return Story(scene, tuple(cast), tuple(order))


def _housekeeping(scene: Stage, cast: list[Person]) -> list[acts.Act]:
    numbers = tuple(person.number for person in cast if person.joined < scene.begins)
    return [
        acts.Imported(moment(scene.begins, 7, 40), -1, numbers),
        acts.Published(scene.first_version, -1, 1),
        acts.SopApproved(moment(scene.pilot - timedelta(days=7), 11), -1, 1),
        acts.WentLive(moment(scene.pilot - timedelta(days=3), 16), -1),
        acts.PostersPrinted(moment(scene.pilot + timedelta(days=2), 15), -1),
        acts.Published(scene.second_version, -1, 2),
        acts.SopApproved(moment(scene.pilot + stage.SECOND_VERSION, 11), -1, 2),
    ]


def _answers(scene: Stage, told: list[Life], rng: Random) -> list[acts.Act]:
    """Scores in the shares of `SATISFIED`: dealt evenly, so that the demo's figures do not hang on one draw."""
    found: list[acts.Act] = []
    dealt = dict.fromkeys(SATISFIED, 0.5)
    for answer in sorted((one for life in told for one in life.answers), key=lambda one: (one.at, one.who)):
        before = dealt[answer.side]
        dealt[answer.side] += SATISFIED[answer.side]
        happy = int(dealt[answer.side]) > int(before)
        score = rng.choice((5, 5, 5, 4, 4)) if happy else rng.choice((3, 3, 3, 2))
        said = rng.choice(scene.words["comments"]["good" if happy else "fair"])
        comment = said if rng.random() < 0.45 else ""
        found.append(acts.Answered(answer.at, answer.who, score, comment))
    return found


# --- praise -------------------------------------------------------------------------------------------


def _praise(scene: Stage, told: list[Life], stopped: set[int], rng: Random) -> list[acts.Act]:
    wishes = sorted((wish for life in told for wish in life.praises), key=lambda wish: (wish.day, wish.who))
    chosen = _spread(scene, wishes, len(scene.words["praise"]))
    cast = {life.person.number: life.person for life in told}
    found: list[acts.Act] = []
    for number, wish in enumerate(chosen):
        found += _one_praise(scene, rng, number, wish, None if wish.who in stopped else cast[wish.who])
    return _decisions_in_time(scene, found)


def _spread(scene: Stage, wishes: list[Praise], most: int) -> list[Praise]:
    """A few from the time before, some from the last days for the inbox, the rest evenly in between."""
    before = [wish for wish in wishes if wish.day < scene.pilot]
    fresh = [wish for wish in wishes if wish.day > scene.last - FRESH]
    between = [wish for wish in wishes if scene.pilot <= wish.day <= scene.last - FRESH]
    middle = _evenly(between, most - min(IN_BASELINE, len(before)) - min(RECENT, len(fresh)))
    return _evenly(before, IN_BASELINE) + middle + fresh[-RECENT:]


def _evenly(wishes: list[Praise], most: int) -> list[Praise]:
    if len(wishes) <= most:
        return wishes
    return [wishes[n * len(wishes) // most] for n in range(most)]


def _one_praise(
    scene: Stage, rng: Random, number: int, wish: Praise, writer: Person | None
) -> list[acts.Act]:
    written = scene.words["praise"][number]
    role = written["role"]
    place, username = written["place"], ""
    if role:
        username = rng.choice([entry[0] for entry in PEOPLE if entry[1] == role])
    luck, shows, tip = rng.random(), rng.random() < 0.8, rng.choice(TIPS_FEN)
    at = moment(wish.day, 21, rng.randint(5, 55))
    who = wish.who if luck < 0.65 else -1
    tip_fen = tip if username and luck < 0.3 else 0
    text = told_text(scene.language, number, username)
    # Before the pilot there was a book at the nurse station, and nobody was asked for a wall.
    shows = (shows or wish.day > scene.last - FRESH) and wish.day >= scene.pilot
    tip_fen = tip_fen if wish.day >= scene.pilot else 0
    found: list[acts.Act] = [acts.Praised(at, who, number, place, username, text, tip_fen, shows)]
    if tip_fen and wish.day < scene.last - timedelta(days=1):
        arrived = rng.random() < 0.92
        found.append(acts.TipSettled(at + timedelta(hours=14), -1, number, username, arrived))
    if shows and writer is not None and (who < 0 or _may_stand(writer, number, username)):
        story = text if luck < 0.92 else ""
        day = scene.working(wish.day + timedelta(days=2 + number % 4))
        found.append(acts.StoryDecided(moment(day, 17, 10), -1, number, story))
    return found


def told_text(language: str, number: int, username: str) -> str:
    """The words of one praise with the name of whom they are about."""
    names = {entry[0]: entry[2:4] for entry in PEOPLE}
    zh, en = names.get(username, ("", ""))
    written: dict[str, str] = stage.words(language)["praise"][number]
    titles = {"nurse": "护士", "doctor": "医生"}
    return written["text"].format(name=zh + titles.get(written["role"], "") if language == "zh" else en)


def _may_stand(writer: Person, number: int, username: str) -> bool:
    """Whether the wall would take these words from this writer, in both languages: the story is one."""
    for language in ("zh", "en"):
        try:
            check_story(
                told_text(language, number, username),
                writer.name(language),
                writer.phone,
                writer.record_number,
            )
        except Refusal:
            return False
    return True


def _decisions_in_time(scene: Stage, found: list[acts.Act]) -> list[acts.Act]:
    """The newest praise waits in the inbox; but the present month shall have stories, even on its first days."""
    month = scene.today.replace(day=1)
    decisions = [act for act in found if isinstance(act, acts.StoryDecided)]
    rest = [act for act in found if not isinstance(act, acts.StoryDecided)]
    in_time = [act for act in decisions if act.at <= moment(scene.last, 18) - timedelta(days=4)]
    late = [act for act in decisions if act not in in_time]
    shown = sum(1 for act in in_time if act.at >= moment(month, 0) and act.story)
    written = {act.number: act.at for act in rest if isinstance(act, acts.Praised)}
    # A minute past midnight today is the only moment of this month that is surely over on its first day.
    at = moment(scene.last, 18, 20) if scene.last >= month else moment(scene.today, 0, 1)
    wanted = [act for act in late if act.story and written[act.number] < at][: max(0, 4 - shown)]
    return rest + in_time + [acts.StoryDecided(at, -1, act.number, act.story) for act in wanted]


# --- what joins the lives -----------------------------------------------------------------------------


def _thanks(told: list[Life], stopped: set[int]) -> list[acts.Act]:
    """Now and then a friend came on somebody's word; her referrer is thanked when she enrols."""
    enrolled = sorted(
        ((life.enrolled_on, life.person.number) for life in told if life.enrolled_on), key=lambda each: each
    )
    found: list[acts.Act] = []
    for place, (_day, friend) in enumerate(enrolled):
        referrer = enrolled[place // 2][1]
        if place % 12 != 7 or {friend, referrer} & ({0} | stopped):
            continue
        life = next(life for life in told if life.person.number == friend)
        sale = next(act for act in life.told if isinstance(act, acts.Enrolled))
        found.append(acts.Thanked(sale.at + timedelta(minutes=6), referrer, friend))
    return found


def _stops(scene: Stage, told: list[Life]) -> list[acts.Act]:
    """Two quiet endings: one call made and the money returned, one call still to be made."""
    words = scene.words["answer"]
    held = [life for life in told if life.holds and not life.person.steady and life.enrolled_on]
    far = [life for life in held if life.enrolled_on and life.enrolled_on < scene.today - timedelta(days=21)]
    young = [life for life in far if (scene.today - life.person.last_period).days < 24 * 7][:2]
    found: list[acts.Act] = []
    if young:
        who, price = young[0].person.number, scene.document.price_fen
        day = scene.today - timedelta(days=3)
        found += [
            acts.Stopped(moment(day, 10, 20), who, "transfer", words["other"], "demo.manager"),
            acts.CallMade(moment(day + timedelta(days=1), 9, 40), who, words["called"]),
            acts.Refunded(moment(day + timedelta(days=1), 11), who, price, scene.words["refund"]),
        ]
    if len(young) > 1:
        who = young[1].person.number
        at = moment(scene.last, 19, 5)
        found.append(acts.Stopped(at, who, "loss", words["text"], "demo.doctor"))
    return found


def _albums(scene: Stage, told: list[Life]) -> list[acts.Act]:
    def agreed(life: Life) -> bool:
        return {"photos", "album"} <= {purpose for purpose, given in life.consents if given}

    ready = [life for life in told if life.completed_on and life.completed_on < scene.last and agreed(life)]
    ready.sort(key=lambda life: (-life.badges, life.person.number))
    return [
        acts.AlbumMade(moment(scene.last, 14 + number, 5), life.person.number, number)
        for number, life in enumerate(ready[:2])
    ]
