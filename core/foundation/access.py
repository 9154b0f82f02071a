"""Who may do what: roles, permissions and the actor behind every call."""

from __future__ import annotations

from dataclasses import dataclass

from core.foundation.errors import Refusal
from core.foundation.language import N_

ROLES = ("administrator", "manager", "nurse", "doctor", "front_desk", "executive")
ROLE_NAMES = {
    "administrator": N_("Administrator"),
    "manager": N_("Manager"),
    "nurse": N_("Nurse"),
    "doctor": N_("Doctor"),
    "front_desk": N_("Front desk"),
    "executive": N_("Executive"),
}

_CARE = {"manager", "nurse", "doctor", "front_desk"}

PERMISSIONS: dict[str, set[str]] = {
    # anybody of the house
    "house.read": {*ROLES},
    "own.account": {*ROLES},
    "wall.read": {*ROLES},
    "package.read": {*ROLES},
    # care
    "patient.read": _CARE,
    "patient.write": _CARE,
    "patient.import": {"manager", "front_desk"},
    "offer.write": _CARE,
    "enrolment.write": {"manager", "nurse", "front_desk"},
    "enrolment.stop": {"manager", "nurse", "doctor"},
    "task.read": _CARE,
    "task.write": _CARE,
    "task.correct": {"manager"},
    "measurement.write": {"nurse", "doctor", "manager"},
    "message.write": {"manager", "nurse", "front_desk"},
    "reply.read": {"manager", "nurse", "doctor"},
    "reply.write": {"manager", "nurse", "doctor"},
    "reply.decide": {"manager", "doctor"},
    "dose.write": {"manager", "nurse", "doctor"},
    "entitlement.write": _CARE,
    "entitlement.give": {"manager", "nurse", "front_desk"},
    "album.write": {"manager", "nurse", "doctor"},
    # recognition and bank
    "praise.moderate": {"manager"},
    "praise.own": {"manager", "nurse", "doctor", "front_desk"},
    "points.read": _CARE,
    "points.redeem": {"manager", "front_desk"},
    "points.correct": {"manager"},
    # design, insight, house
    "package.write": {"manager"},
    "sop.approve": {"manager", "doctor"},
    "dashboard.read": {"manager", "executive"},
    "supervision.read": {"manager", "executive"},
    "settings.write": {"manager"},
    "print": _CARE,
    "staff.write": set(),
    "audit.read": set(),
    "backup": set(),
    # from outside the house
    "patient.self": set(),
    "public": set(),
}
for _name, _roles in PERMISSIONS.items():
    if _name not in ("patient.self", "public"):
        _roles.add("administrator")


@dataclass(eq=False)
class NotAllowed(Refusal):
    message = N_("Your role does not include this. Ask your administrator if you need it.")


@dataclass(eq=False)
class SignInNeeded(Refusal):
    message = N_("Please sign in again.")


@dataclass(frozen=True)
class Actor:
    """Whoever is asking: a member of staff, a patient on a confirmed phone, a passer-by, or the house itself.

    For a patient's phone `link_id` is the card it was confirmed with, `person` who holds it ("" for herself) and
    `relation` what that person is to her; they are kept with what is written, never in the trail.
    """

    kind: str  # staff | patient | public | system
    id: int | None = None
    name: str = ""
    role: str = ""
    link_id: int | None = None
    person: str = ""
    relation: str = "self"  # self | family | guardian

    def may(self, permission: str) -> bool:
        if permission not in PERMISSIONS:
            raise KeyError(permission)
        match self.kind:
            case "system":
                return True
            case "staff":
                return permission == "public" or self.role in PERMISSIONS[permission]
            case "patient":
                return permission in ("patient.self", "public")
            case _:
                return permission == "public"

    def require(self, permission: str) -> None:
        """Refuses with `NotAllowed` unless this actor holds the permission."""
        if not self.may(permission):
            raise NotAllowed


SYSTEM = Actor("system", name="PilotDesk")
PUBLIC = Actor("public", name="")
