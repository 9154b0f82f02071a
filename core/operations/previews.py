"""How staff look at a patient's phone without being that patient: a signed pass of a quarter of an hour, read-only.

The pass opens the phone pages inside an iframe of the same house; with it nothing can be sent, and it leaves no
cookie behind that would turn a ward computer into the patient's phone.
"""

from __future__ import annotations

from datetime import timedelta

from itsdangerous import BadSignature, URLSafeSerializer

from core.foundation.doors import Look, question
from core.operations.workspaces import signing_key

LASTS = timedelta(minutes=15)


@question("patient.read")
def preview_pass(look: Look, *, patient_id: int) -> str:
    """A pass for `/p/me?preview=…`, good for 15 minutes of the department's clock."""
    return str(_signer().dumps([patient_id, int((look.now + LASTS).timestamp())]))


@question("public")
def patient_of_preview(look: Look, *, token: str) -> int | None:
    """The patient a pass is for, or None when it is forged or over."""
    try:
        patient_id, until = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return int(patient_id) if look.now.timestamp() < until else None


def _signer() -> URLSafeSerializer:
    # Not the timed kind: a pass ends by the department's clock, which the demo can move.
    return URLSafeSerializer(signing_key(), salt="pilotdesk-preview")
