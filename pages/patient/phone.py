"""A phone at our door: who holds it, in which language, and its only ways to core.

`Phone.ask` and `Phone.do` are the two doors. `do` accepts nothing without the form's seal (CSRF) and its request
key, so no screen can forget them. Everything that is known of the visitor is read in one session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from core.department.logo import logo_name
from core.foundation.access import PUBLIC, Actor
from core.foundation.doors import Desk, Look
from core.foundation.errors import Refusal
from core.foundation.fast.once import once
from core.foundation.house import House
from core.foundation.language import LANGUAGES, N_, Translate, supported, translator
from core.foundation.settings import settings
from core.foundation.troubles import Trouble, note
from core.operations import workspaces
from core.operations.previews import patient_of_preview
from core.people.phone_links import Visitor, who
from core.phone.holder import Holder, holder
from pages.patient.forms import device_tag, request_key_of, seal_fits

COOKIE = "pilotdesk_device"
# One phone may open the pages of several people: the cookie holds a secret for each, the page shown now first.
BETWEEN, MOST_HELD = ".", 6
Question = Callable[..., Any]
STRANGER = Visitor("unknown")


@dataclass(eq=False)
class FormStale(Refusal):
    message = N_(
        "This page was open for a long time. What you entered is still here: please send it once more."
    )


@dataclass(eq=False)
class PreviewOnly(Refusal):
    message = N_("This is a preview. Only the patient's own phone can send this.")


@dataclass(eq=False)
class NotOpenYet(Refusal):
    message = N_("This department has not opened its pages yet. Please ask at the nurse station.")


@dataclass(eq=False)
class Resting(Trouble):
    """A trouble of our machine as a patient reads it."""

    message = N_(
        "Our computer cannot take this just now. Nothing you wrote is lost: please try once more in a moment."
    )


@contextmanager
def kindly() -> Iterator[None]:
    """Within this block a trouble of the machine is `Resting`."""
    try:
        yield
    except Trouble as trouble:
        note(trouble)
        raise Resting from trouble


@dataclass(frozen=True)
class Other:
    """Another patient's page this phone may switch to, and as whom ("" for the patient herself)."""

    secret: str
    name: str
    person: str

    @property
    def tag(self) -> str:
        return device_tag(self.secret)


@dataclass
class Phone:
    """`secret` is what the device cookie holds for this page, `holder` the patient of a confirmed phone (or of a
    preview), `card` by whose card it was confirmed, `others` whom else it may switch to, `pictures` what came
    with a form, `read` the answer to the
    screen's own question where it named one."""

    request: Request
    desk: Desk
    house: House
    secret: str = ""
    holder: Holder | None = None
    preview: str = ""
    form: dict[str, str] = field(default_factory=dict)
    read: Any = None
    card: Visitor = STRANGER
    others: tuple[Other, ...] = ()
    pictures: list[bytes] = field(default_factory=list)

    @once
    def asked_language(self) -> str:
        """The language somebody chose by the switch link; "" when nobody chose."""
        chosen = self.request.query_params.get("lang", "")
        return chosen if chosen in LANGUAGES else ""

    @once
    def language(self) -> str:
        """The chosen one, else the patient's own, else the browser's first."""
        if self.asked_language:
            return self.asked_language
        if self.holder and self.holder.language in LANGUAGES:
            return self.holder.language
        return supported(self.request.headers.get("accept-language", "").split(",")[0].split(";")[0].strip())

    @property
    def _(self) -> Translate:
        return translator(self.language)

    @property
    def actor(self) -> Actor:
        return _actor(self.holder.patient_id, self.card) if self.holder else PUBLIC

    @property
    def tag(self) -> str:
        return device_tag(self.secret)

    @property
    def logo(self) -> str:
        """The address of the house's logo: a name of its own for each, so that it may be kept."""
        return f"{self.request.scope.get('root_path', '')}/static/logo/{logo_name(self.house)}"

    def link(self, path: str, **query: str) -> str:
        """An address of ours: under the prefix we are mounted at, with chosen language and preview carried along."""
        carried = {"lang": self.asked_language, "preview": self.preview} | query
        text = urlencode({key: value for key, value in carried.items() if value})
        return f"{self.request.scope.get('root_path', '')}{path}" + (f"?{text}" if text else "")

    def ask(self, question: Question, **arguments: Any) -> Any:
        with kindly():
            return self.desk.ask(self.actor, question, **arguments)

    def do(self, deed: Callable[..., Any], **arguments: Any) -> Any:
        """Run a deed for this form. Refuses `PreviewOnly`, and `FormStale` without a fitting seal and request key."""
        with kindly():
            return self.desk.do(self.actor, deed, self.sealed(), **arguments)

    def sealed(self) -> str:
        """The form's request key. Refuses `PreviewOnly`, and `FormStale` without a fitting seal and request key."""
        if self.preview:
            raise PreviewOnly
        key = request_key_of(self.form)
        if not key or not seal_fits(self.form.get("csrf", ""), self.tag):
            raise FormStale
        return key


def current_desk() -> Desk:
    """The doors of the workspace this machine serves. Refuses `NotOpenYet` before the first set-up."""
    kind = workspaces.active_kind() or ("department" if settings().database_url else None)
    if kind is None:
        raise NotOpenYet
    with kindly():
        return workspaces.desk(kind)


def begin(request: Request, form: dict[str, str], reads: Question | None = None) -> Phone:
    """Recognise the phone, and ask the patient's question `reads` in the same session. Refuses `NotOpenYet`."""
    desk = current_desk()
    secrets = secrets_of(request)
    preview = request.query_params.get("preview", "")[:200]

    def recognise(look: Look) -> tuple[House | None, Holder | None, Any, str, Visitor, tuple[Other, ...]]:
        if not look.is_set_up:
            return None, None, None, "", STRANGER, ()
        secret, card = _card_of(look, secrets, preview)
        if card.patient_id is None:
            return look.house, None, None, secret, card, ()
        own = look.by(_actor(card.patient_id, card))
        held = holder(own)
        read = reads(own) if reads and held and not held.quiet else None
        rest = [one for one in secrets if one != secret] if not preview else []
        return look.house, held, read, secret, card, _others(look, rest) if rest else ()

    with kindly():
        house, held, read, secret, card, others = desk.ask(PUBLIC, recognise)
    if house is None:
        raise NotOpenYet
    return Phone(request, desk, house, secret, held, preview if held else "", form, read, card, others)


def known_by(request: Request) -> str:
    """The secret of a confirmed phone, or the token of a living card, that came with a request; "" from a stranger."""
    secrets, token = secrets_of(request), str(request.path_params.get("token", ""))[:100]
    if not secrets and not token:
        return ""

    def recognise(look: Look) -> str:
        for secret in secrets:
            if who(look, device_secret=secret).state == "known":
                return secret
        return token if who(look, token=token).state == "unconfirmed" else ""

    try:
        with kindly():
            return str(current_desk().ask(PUBLIC, recognise))
    except (NotOpenYet, Trouble):
        return ""


def secrets_of(request: Request) -> list[str]:
    """What the device cookie holds, the page shown now first."""
    found = request.cookies.get(COOKIE, "")[:600].split(BETWEEN)[:MOST_HELD]
    return list(dict.fromkeys(one for one in found if one))


def _actor(patient_id: int, card: Visitor) -> Actor:
    return Actor("patient", patient_id, link_id=card.link_id, person=card.person, relation=card.relation)


def _card_of(look: Look, secrets: list[str], preview: str) -> tuple[str, Visitor]:
    """The secret this page is shown for, the first that still opens one, and whose card it came from."""
    if preview:
        return "", Visitor("preview", patient_of_preview(look, token=preview))
    for secret in secrets:
        card = who(look, device_secret=secret)
        if card.patient_id is not None:
            return secret, card
    return next(iter(secrets), ""), STRANGER


def _others(look: Look, secrets: list[str]) -> tuple[Other, ...]:
    found = []
    for secret in secrets:
        card = who(look, device_secret=secret)
        held = holder(look.by(_actor(card.patient_id, card))) if card.patient_id is not None else None
        if held is not None:
            found.append(Other(secret, held.name, card.person))
    return tuple(found)
