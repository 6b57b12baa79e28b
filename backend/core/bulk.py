"""Thousands of rows in one statement: Django takes longer to compose its own than PostgreSQL to run it."""

import json
from collections.abc import Mapping, Sequence
from datetime import date

from django.db import connection
from django.db.models import Manager, Model

type Row = Mapping[str, object]


def insert[M: Model](table: Manager[M], rows: Sequence[Row], *, unique: str = "") -> dict[str, int]:
    """Write new rows, given by the names of their attributes; PostgreSQL takes them as one JSON text.

    What a row does not name has its default. With ``unique``, the column of a text that no two of them share,
    a row that is there already stays as it is, and the answer is the number of each by that text.
    """
    if connection.vendor == "postgresql":
        return _as_json(table.model, rows, unique=unique) if rows else {}
    made = [table.model(**row) for row in rows]
    if not unique:
        table.bulk_create(made)
        return {}
    made = table.bulk_create(made, update_conflicts=True, unique_fields=[unique], update_fields=[unique])
    return {getattr(row, unique): row.pk for row in made}


def _as_json(model: type[Model], rows: Sequence[Row], *, unique: str) -> dict[str, int]:
    meta, quote = model._meta, connection.ops.quote_name  # noqa: SLF001 - Django documents it for everybody
    fields = {field.attname: field for field in meta.concrete_fields if not field.primary_key}
    usual = {name: field.get_default() for name, field in fields.items()}
    told = [{name: _plain(value) for name, value in {**usual, **row}.items()} for row in rows]
    columns, table, key = ", ".join(map(quote, fields)), quote(meta.db_table), quote(unique)
    read = f"SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s)"  # noqa: S608 - only our own names
    # a row that is there is set to what it is, which tells its number
    kept = f" ON CONFLICT ({key}) DO UPDATE SET {key} = EXCLUDED.{key} RETURNING {key}, id"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) {read}{kept if unique else ''}", [json.dumps(told)])
        return dict(cursor.fetchall()) if unique else {}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value  # a moment is a date too
