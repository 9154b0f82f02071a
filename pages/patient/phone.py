"""A phone at our door: who holds it, in which language, and its only ways to core.

`Phone.ask` and `Phone.do` are the two doors. `do` accepts nothing without the form's seal (CSRF) and its request
key, so no screen can forget them. Everything that is known of the visitor is read in one session.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from core.foundation.access import PUBLIC, Actor
from core.foundation.doors import Desk, Look
from core.foundation.errors import Refusal
from core.foundation.fast.once import once
from core.foundation.house import House
from core.foundation.language import LANGUAGES, N_, Translate, supported, translator
from core.foundation.settings import settings
from core.operations import workspaces
from core.operations.previews import patient_of_preview
from core.people.phone_links import who
from core.phone.holder import Holder, holder
from pages.patient.forms import device_tag, request_key_of, seal_fits

COOKIE = "pilotdesk_device"
Question = Callable[..., Any]


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


@dataclass
class Phone:
    """`secret` is what the device cookie holds, `holder` the patient of a confirmed phone (or of a preview),
    `read` the answer to the screen's own question where it named one."""

    request: Request
    desk: Desk
    house: House
    secret: str = ""
    holder: Holder | None = None
    preview: str = ""
    form: dict[str, str] = field(default_factory=dict)
    read: Any = None

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
        return Actor("patient", self.holder.patient_id) if self.holder else PUBLIC

    @property
    def tag(self) -> str:
        return device_tag(self.secret)

    def link(self, path: str, **query: str) -> str:
        """An address of ours: under the prefix we are mounted at, with chosen language and preview carried along."""
        carried = {"lang": self.asked_language, "preview": self.preview} | query
        text = urlencode({key: value for key, value in carried.items() if value})
        return f"{self.request.scope.get('root_path', '')}{path}" + (f"?{text}" if text else "")

    def ask(self, question: Question, **arguments: Any) -> Any:
        return self.desk.ask(self.actor, question, **arguments)

    def do(self, deed: Callable[..., Any], **arguments: Any) -> Any:
        """Run a deed for this form. Refuses `PreviewOnly`, and `FormStale` without a fitting seal and request key."""
        if self.preview:
            raise PreviewOnly
        key = request_key_of(self.form)
        if not key or not seal_fits(self.form.get("csrf", ""), self.tag):
            raise FormStale
        return self.desk.do(self.actor, deed, key, **arguments)


def current_desk() -> Desk:
    """The doors of the workspace this machine serves. Refuses `NotOpenYet` before the first set-up."""
    kind = workspaces.active_kind() or ("department" if settings().database_url else None)
    if kind is None:
        raise NotOpenYet
    return workspaces.desk(kind)


def begin(request: Request, form: dict[str, str], reads: Question | None = None) -> Phone:
    """Recognise the phone, and ask the patient's question `reads` in the same session. Refuses `NotOpenYet`."""
    desk = current_desk()
    secret = request.cookies.get(COOKIE, "")[:200]
    preview = request.query_params.get("preview", "")[:200]

    def recognise(look: Look) -> tuple[House | None, Holder | None, Any]:
        if not look.is_set_up:
            return None, None, None
        house, patient_id = look.house, _patient_of(look, secret, preview)
        if patient_id is None:
            return house, None, None
        own = look.by(Actor("patient", patient_id))
        held = holder(own)
        return house, held, reads(own) if reads and held and not held.quiet else None

    house, held, read = desk.ask(PUBLIC, recognise)
    if house is None:
        raise NotOpenYet
    return Phone(request, desk, house, "" if preview else secret, held, preview if held else "", form, read)


def _patient_of(look: Look, secret: str, preview: str) -> int | None:
    if preview:
        found: int | None = patient_of_preview(look, token=preview)
        return found
    return who(look, device_secret=secret).patient_id if secret else None
