"""How many other windows have this server's pages open: whoever ends something for all hears it first."""

from __future__ import annotations

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.operations import workspaces

_known: set[str] = set()


def others() -> int:
    """Open windows besides this one, as the server's live connections say; none where no server runs. With several servers
    behind one address, those of this one."""
    if not runtime.exists():
        return 0
    here, server = _here(), runtime.get_instance()
    for window in [
        each for each in tuple(_known) if not server.is_active_session(each)
    ]:  # others come meanwhile
        _known.discard(window)
    return len(_known - {here})


def look() -> None:
    """This window looks; remembered in the demo alone, where somebody asks for it and clears up."""
    if workspaces.active_kind() == "demo":
        _known.add(_here())


# --- inner ------------------------------------------------------------------------------------------


def _here() -> str:
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else ""
