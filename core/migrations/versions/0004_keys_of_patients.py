"""By which keys a patient is known again: her record number and her name without the ways of writing them.

Where two patients were given one number in two spellings while that was possible ("a-001", "A-001"), both stay as
they are: the older one keeps the key, the younger one's gets her id behind it.
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

from core.migrations.rebuilding import rebuilt

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PATIENTS = sa.table(
    "patients",
    sa.column("id", sa.Integer),
    sa.column("record_number", sa.String),
    sa.column("record_key", sa.String),
    sa.column("name", sa.String),
    sa.column("name_key", sa.String),
)


def upgrade() -> None:
    lengths = {"record_key": 120, "name_key": 180}
    for name, length in lengths.items():
        op.add_column("patients", sa.Column(name, sa.String(length)))
    _fill(op.get_bind())
    with rebuilt("patients") as changing:
        for name, length in lengths.items():
            changing.alter_column(name, existing_type=sa.String(length), nullable=False)
    pattern = "varchar_pattern_ops"
    op.drop_index("ix_patients_name", "patients")
    op.create_index("ix_patients_name_key", "patients", ["name_key"], postgresql_ops={"name_key": pattern})
    op.create_index(
        "ix_patients_record_key",
        "patients",
        ["record_key"],
        unique=True,
        postgresql_ops={"record_key": pattern},
    )


def _fill(connection: sa.Connection) -> None:
    taken: set[str] = set()
    keys = []
    for row in connection.execute(
        sa.select(PATIENTS.c["id", "record_number", "name"]).order_by(PATIENTS.c.id)
    ):
        key = re.sub(r"[\u2010-\u2015\u2212\u30fc~]", "-", _legible(row.record_number)).replace(" ", "")
        key = key.casefold()[:100]
        key = f"{key} {row.id}" if key in taken else key
        taken.add(key)
        name = re.sub(r"[\s·•・‧∙●.\-'’,()]+", "", _legible(row.name).casefold())
        keys.append({"this": row.id, "record": key, "plain": name[:180]})
    if keys:
        change = sa.update(PATIENTS).where(PATIENTS.c.id == sa.bindparam("this"))
        connection.execute(
            change.values(record_key=sa.bindparam("record"), name_key=sa.bindparam("plain")), keys
        )


def _legible(text: str) -> str:
    seen = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf"))
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", seen)).strip()
