"""What a database holds, in figures: rows of every table, letters in every column, and sums that mean something.

The figures of a frozen database were read when it was frozen and stand beside it as JSON; after all migrations they
must be the same. `letters` is the length of a column's values as text, taken together: a column that a rebuilt table
lost or filled anew shows there, whatever it means.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, inspect, text

# What a migration carries elsewhere: "table" or "table.column" → SQL that gives the same number in the present schema,
# or None where it went on purpose.
CARRIED: dict[str, str | None] = {
    # By these a stranger could lock a colleague out: wrong passwords are counted by name and address since.
    "staff.failed_attempts": None,
    "staff.locked_until": None,
}

# The same fact in the present schema: whoever moves a column rewrites the line, never the figure.
SUMS = {
    "points by account": "SELECT account_id, sum(points) FROM ledger_entries GROUP BY account_id",
    "balance by account": "SELECT id, balance FROM accounts",
    "living lots by account": 'SELECT account_id, sum("left") FROM lots GROUP BY account_id',
    "ledger by kind": "SELECT kind, count(*), sum(points) FROM ledger_entries GROUP BY kind",
    "reversals": "SELECT count(*), sum(points) FROM ledger_entries WHERE reverses_id IS NOT NULL",
    "points of lots in use": "SELECT lot_id, sum(points) FROM lot_uses GROUP BY lot_id",
    "interest posted": "SELECT account_id, sum(posted) FROM interest_years GROUP BY account_id",
    "adjustments by state": "SELECT state, count(*), sum(points) FROM adjustments GROUP BY state",
    "vouchers by state": (
        "SELECT state, count(*), sum(coalesce(value_fen, 0)), sum(coalesce(cost_points, 0)) FROM vouchers GROUP BY state"
    ),
    "rewards on the shelf": "SELECT id, coalesce(stock, -1) FROM rewards",
    "enrolments and money": (
        "SELECT package_id, version_id, status, payment_method, count(*), sum(amount_fen), sum(refund_fen), "
        "sum(coalesce(badge_target, 0)) FROM enrolments GROUP BY package_id, version_id, status, payment_method"
    ),
    "receipts": "SELECT count(DISTINCT receipt_number) FROM enrolments",
    "offers by outcome": "SELECT package_id, outcome, count(*), count(enrolment_id) FROM offers GROUP BY package_id, outcome",
    "tasks by state": "SELECT state, counts_for_badge, count(*), count(done_on) FROM tasks GROUP BY state, counts_for_badge",
    "visits by state": (
        "SELECT state, count(*), count(patient_id), count(task_id), count(package_id) FROM appointments GROUP BY state"
    ),
    "survey": "SELECT patient_id, count(*), sum(score) FROM survey_answers GROUP BY patient_id",
    "growth": (
        "SELECT patient_id, count(*), sum(ga_days), sum(efw_g), count(struck_at) FROM growth_measurements "
        "GROUP BY patient_id"
    ),
    "gentle stops": "SELECT patient_id, kind, count(called_at), count(lifted_at) FROM gentle_stops GROUP BY patient_id, kind",
    "patients": "SELECT count(*), count(silenced_at), count(erased_at), count(DISTINCT record_number) FROM patients",
    "consents": (
        "SELECT patient_id, purpose, channel, sum(CASE WHEN given THEN 1 ELSE 0 END), count(*) FROM consents "
        "GROUP BY patient_id, purpose, channel"
    ),
    "phones": (
        "SELECT patient_id, count(revoked_at), count(phone_devices.id) FROM phone_links "
        "LEFT JOIN phone_devices ON phone_devices.link_id = phone_links.id GROUP BY patient_id"
    ),
    "messages by state": "SELECT state, channel, count(*), max(turn) FROM message_sends GROUP BY state, channel",
    "praise and tips": (
        "SELECT state, tip_state, count(*), sum(tip_fen), count(wall_month) FROM recognitions GROUP BY state, tip_state"
    ),
    "album photos": "SELECT album_id, count(*), sum(position) FROM album_photos GROUP BY album_id",
    "staff": "SELECT role, count(*), sum(CASE WHEN active THEN 1 ELSE 0 END) FROM staff GROUP BY role",
    "signed-off features": "SELECT code, CASE WHEN \"on\" THEN 1 ELSE 0 END FROM switches",
    "package versions": "SELECT package_id, number, status, price_fen FROM package_versions",
    "SOP versions": "SELECT package_id, number, status, coalesce(superseded_by, 0) FROM sop_versions",
    "SOP readings": "SELECT version_id, count(*), sum(score), sum(questions) FROM sop_readings GROUP BY version_id",
    "choice studies": (
        "SELECT choice_studies.id, state, count(choice_candidates.id) FROM choice_studies LEFT JOIN choice_candidates "
        "ON study_id = choice_studies.id GROUP BY choice_studies.id, state"
    ),
    "choice scores": "SELECT candidate_id, count(*), sum(score) FROM choice_scores GROUP BY candidate_id",
    "go-live": "SELECT package_id, count(*) FROM go_lives GROUP BY package_id",
    "set aside": "SELECT package_id, point, count(*), count(withdrawn_at) FROM readiness_overrides GROUP BY package_id, point",
    "audit by kind": "SELECT kind, count(*) FROM audit_entries GROUP BY kind",
    "audit without details": (
        "SELECT count(*) FROM audit_entries WHERE id NOT IN (SELECT entry_id FROM audit_details)"
    ),
    "measures": "SELECT measure, package_id, count(*), sum(numerator), sum(denominator) FROM daily_counts GROUP BY measure, package_id",
}  # fmt: skip

Figures = dict[str, dict[str, Any]]


def figures(connection: Connection) -> Figures:
    """Everything above, read from a database at the newest schema."""
    rows: dict[str, Any] = {}
    letters: dict[str, Any] = {}
    inspector = inspect(connection)
    for table in sorted(set(inspector.get_table_names()) - {"alembic_version"}):
        names = [column["name"] for column in inspector.get_columns(table)]
        lengths = ", ".join(f'coalesce(sum(length(CAST("{name}" AS TEXT))), 0)' for name in names)
        count, *found = connection.execute(text(f'SELECT count(*), {lengths} FROM "{table}"')).one()
        rows[table] = count
        letters |= {f"{table}.{name}": _plain(n) for name, n in zip(names, found, strict=True)}
    for name, query in CARRIED.items():
        if query is not None:
            (letters if "." in name else rows)[name] = _plain(connection.execute(text(query)).scalar())
    sums = {
        name: sorted([_plain(value) for value in row] for row in connection.execute(text(query)))
        for name, query in SUMS.items()
    }
    return {"rows": rows, "letters": letters, "sums": sums}


def differing(frozen: Figures, now: Figures) -> dict[str, tuple[Any, Any]]:
    """What the database said when it was frozen and says no more: name → (then, now)."""
    return {
        f"{group} {name}": (value, now[group].get(name))
        for group, known in frozen.items()
        for name, value in known.items()
        if name not in CARRIED or CARRIED[name] is not None
        if now[group].get(name) != value
    }


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, Decimal) else value
