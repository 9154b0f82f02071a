"""The types that stay open, each with its reason; everything else in core says what it holds."""

from __future__ import annotations

from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import QueryableAttribute

# A document as JSON or YAML holds it, before a reader has checked it or after it was written for one: packages,
# SOPs, audit details, chart specifications, reference files.
Raw: TypeAlias = dict[str, Any]
# One value of such a document (text, number, list, mapping, nothing), and what is written into a column or handed to
# a deed: whoever stands behind it checks it, not whoever passes it on.
Value: TypeAlias = Any
# A column or an expression of whatever type the database gives it.
Column: TypeAlias = ColumnElement[Any] | QueryableAttribute[Any]
# A SELECT of as many columns as are asked for; whoever reads its rows makes named tuples of them.
Query: TypeAlias = Select[*tuple[Any, ...]]
