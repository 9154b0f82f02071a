"""Before a restore: what the backup holds, what goes, in numbers, and that what goes stays downloadable."""

import streamlit as st

from core.foundation.access import PUBLIC
from core.foundation.errors import Refusal
from core.operations import backup
from core.operations.rescue.sealing import PassphraseNeeded, PassphraseWrong
from core.people.signing_in import password_hash_of
from pages.ui import session
from pages.ui.calls import SECRET, ask, desk, doer, say
from pages.ui.frame import the_house
from pages.ui.text import _, _n, moment, refusal, unmarked

OPEN, LOOKED, PASSPHRASE = "restore_open", "restore_looked", f"{SECRET}restore"


def restoring(kind: str, one: backup.Backup) -> None:
    """The question below a backup, after a look into it."""
    try:
        if one.sealed and not _passphrase(one.name):
            return
        within = _looked(kind, one.name)
        when = moment(one.made_at, the_house().zone)
        _tell(within, when)
        buttons = st.container(horizontal=True)
        if buttons.button(_("Restore this backup"), key=f"back_{one.name}", type="primary"):
            me = session.member()
            proof = me and desk().ask(PUBLIC, password_hash_of, username=me.username)
            with st.spinner(_("Restoring …")):
                backup.restore(kind, desk(), doer(), one.name, st.session_state.get(PASSPHRASE, ""))
            forget()
            # Nobody is signed in there. Who bears her name may be somebody else, unless the password is the same.
            if me and proof and proof == desk().ask(PUBLIC, password_hash_of, username=me.username):
                session.sign_in_as(me.username)
            say(_("Restored: {name}. What was here before is in the list, “before a restore”.", name=when))
            st.rerun()
        if buttons.button(_("Leave everything as it is"), key=f"leave_{one.name}"):
            forget()
            st.rerun()
    except PassphraseWrong as problem:
        # Asked once more, at the same place.
        st.session_state.pop(PASSPHRASE, None)
        st.error(refusal(problem), icon=":material/info:")
    except Refusal as problem:
        forget()
        st.error(refusal(problem), icon=":material/info:")


def _passphrase(name: str) -> bool:
    """Ask what opens it; whether something was entered. It is held until the restore is done or left."""
    if st.session_state.get(PASSPHRASE):
        return True
    with st.form(f"open_{name}"):
        st.write(_("This backup is encrypted. Its passphrase is the one that was set when it was made."))
        typed = st.text_input(_("Passphrase"), type="password", key=f"typed_{name}")
        sent = st.form_submit_button(_("Look into it"))
    if sent and not typed:
        st.error(refusal(PassphraseNeeded()), icon=":material/info:")
    if not sent or not typed:
        return False
    st.session_state[PASSPHRASE] = typed
    return True


def _looked(kind: str, name: str) -> backup.Within:
    """A look takes as long as the database is large: once for each question."""
    held: backup.Within | None = st.session_state.get(LOOKED)
    if held is None or held.name != name:
        with st.spinner(_("Looking into the backup …")):
            held = backup.look_into(kind, desk(), doer(), name, st.session_state.get(PASSPHRASE, ""))
        st.session_state[LOOKED] = held
        if st.session_state.get(PASSPHRASE):
            st.rerun()  # without the field for the passphrase
    return held


def _tell(within: backup.Within, when: str) -> None:
    holds = _n("{n} patient", "{n} patients", within.patients)
    st.write(
        _("This backup: {hospital} · {department}, {patients}, as of {when}.",
          hospital=unmarked(within.hospital), department=unmarked(within.department), patients=holds, when=when)
    )  # fmt: skip
    going: backup.Going = ask(backup.going, last_deed=within.last_deed, last_at=within.last_at)
    patients = _n("{n} patient", "{n} patients", going.patients)
    deeds = _n("{n} recorded act", "{n} recorded acts", going.deeds)
    if not going.patients and not going.deeds:
        st.write(_("Nothing that people have entered here goes."))
    elif within.last_deed:
        st.warning(
            _(
                "Entered here since, and gone after a restore: **{patients}, {deeds}**.",
                patients=patients,
                deeds=deeds,
            )
        )
    else:
        st.warning(
            _("This backup is not of what is here. Everything here goes: **{patients}, {deeds}**.",
              patients=patients, deeds=deeds)
        )  # fmt: skip
    if within.missing:
        st.warning(
            _n("{n} picture or film of this backup is lost and will be missing.",
               "{n} pictures or films of this backup are lost and will be missing.", within.missing)
        )  # fmt: skip
    st.caption(_("What is here now is backed up first. It stays in this list, to download or to restore."))


def forget() -> None:
    """Whatever was asked of a backup before, its passphrase too."""
    for name in (OPEN, LOOKED, PASSPHRASE):
        st.session_state.pop(name, None)
