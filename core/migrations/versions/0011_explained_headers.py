"""How the headers of a file were explained is remembered for the next file of the same headers; and a name is found under
more marks than before, so the keys of names that hold such marks are made anew."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import core.foundation.database

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


PATIENTS = sa.table(
    "patients", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("name_key", sa.String)
)
MARKS = "⋅◦⸱᛫ㆍ。、\u2010-\u2015\u2212_/*‘`´\u180b-\u180d\ufe00-\ufe0f\U000e0100-\U000e01ef"


def upgrade() -> None:
    document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.create_table(
        "table_layouts",
        sa.Column("headers_key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("columns", document, nullable=False),
        sa.Column("words", document, nullable=False),
        sa.Column("at", core.foundation.database.Instant(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_table_layouts_staff_id_staff")),
        sa.PrimaryKeyConstraint("headers_key", name=op.f("pk_table_layouts")),
    )
    op.create_index("ix_table_layouts_kind", "table_layouts", ["kind", "at"], unique=False)
    _find_again(op.get_bind())


def _find_again(link: sa.Connection) -> None:
    between = re.compile(rf"[\s·•・‧∙●.\-'’,(){MARKS}]+")
    for patient in link.execute(sa.select(PATIENTS.c["id", "name", "name_key"])).all():
        if re.search(f"[{MARKS}]", unicodedata.normalize("NFKC", patient.name)):
            key = between.sub("", unicodedata.normalize("NFKC", patient.name_key))
            link.execute(sa.update(PATIENTS).where(PATIENTS.c.id == patient.id).values(name_key=key))
