"""How staff look at a patient's phone without being that patient: a signed pass of a quarter of an hour, read-only.

The pass opens the phone pages inside an iframe of the same house; with it nothing can be sent, and it leaves no
cookie behind that would turn a ward computer into the patient's phone.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from core.foundation.doors import Look, question
from core.operations.workspaces import signing_key

LASTS = timedelta(minutes=15)


@question("patient.read")
def preview_pass(look: Look, *, patient_id: int) -> str:
    """A pass for `/p/me?preview=…`, good for 15 minutes of the department's clock."""
    return _signed(patient_id, int((look.now + LASTS).timestamp()))


@question("public")
def patient_of_preview(look: Look, *, token: str) -> int | None:
    """The patient a pass is for, or None when it is forged or over."""
    patient, _, rest = token.partition(".")
    until = rest.partition(".")[0]
    # isdecimal admits other scripts' digits, which int() reads but no pass of ours contains.
    if not (token.isascii() and patient.isdecimal() and until.isdecimal()) or len(token) > 120:
        return None
    if not hmac.compare_digest(token, _signed(int(patient), int(until))):
        return None
    return int(patient) if look.now < datetime.fromtimestamp(int(until), UTC) else None


def _signed(patient_id: int, until: int) -> str:
    body = f"{patient_id}.{until}"
    mark = hmac.new(signing_key(), b"preview:" + body.encode(), hashlib.sha256).hexdigest()
    return f"{body}.{mark}"
