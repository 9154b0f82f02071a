"""A package's way to the shelf: versions, publishing, selling."""

from __future__ import annotations

import streamlit as st

from core.design import packages
from pages.ui.calls import ask, do, say
from pages.ui.frame import facts
from pages.ui.text import _, moment, money


def publish(line: packages.PackageLine) -> None:
    zone = facts().zone
    for version in ask(packages.versions, package_id=line.package_id):
        st.write(
            _(
                "Version {number}, published {when}, {price}",
                number=version.number,
                when=moment(version.published_at, zone),
                price=money(version.document.price_fen),
            )
        )
    if not line.changed:
        st.caption(_("The draft equals the published version. Edit it to publish a new one."))
    label = _("Publish version {number}", number=line.number + 1)
    st.caption(_("Publishing pins this version. What has been sold keeps the version it was sold under."))
    if st.button(label, type="primary", disabled=not line.changed, icon=":material/publish:"):
        outcome = do(packages.publish, f"publish_{line.package_id}", package_id=line.package_id)
        if outcome:
            say(_("Version {number} is on sale.", number=outcome.value))
            st.rerun()
    if line.number:
        text = _("Stop selling") if line.on_sale else _("Sell again")
        if st.button(text) and do(packages.put_on_sale, package_id=line.package_id, on_sale=not line.on_sale):
            st.rerun()


def state_of(line: packages.PackageLine) -> str:
    if not line.number:
        return _("draft, not yet published")
    parts = [_("version {number} on sale", number=line.number) if line.on_sale else _("not on sale")]
    if line.changed:
        parts.append(_("draft has changes"))
    return " · ".join(parts)
