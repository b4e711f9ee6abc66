"""Master data (places, institutions, people) into the record store's tables, by column name."""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
from django.apps import apps
from django.db.models import Model

from yigongti.kernel.facts import FactTable, Kind
from yigongti.spine.record import bulk

MODELS = {
    "place": "places.Place",
    "institution": "places.Institution",
    "staff": "people.Staff",
    "posting": "people.Posting",
    "resident": "people.Resident",
}


def model_of(table: FactTable) -> type[Model] | None:
    """The model that stores the table's rows, or None for facts that live in the lake alone."""
    return apps.get_model(MODELS[table.name]) if table.name in MODELS else None


def expressions(table: FactTable) -> dict[str, str]:
    """Database column → DuckDB expression over the table's columns; {} for tables without a model."""
    model = model_of(table)
    if model is None:
        return {}
    return {field.column: _expression(table, field) for field in model._meta.concrete_fields}


def upsert(table: FactTable, batches: Iterable[pa.RecordBatch]) -> int:
    """Insert or overwrite the model's rows; columns as in `expressions`."""
    model = model_of(table)
    if model is None:
        raise KeyError(f"{table.name} has no model")
    return bulk.upsert(model._meta.db_table, list(expressions(table)), batches, key=model._meta.pk.column)


def _expression(table: FactTable, field: Any) -> str:
    """The fact's column of the same name; a field that the dictionary does not know gets its default."""
    if field.attname not in table.names:
        return _literal(field.get_default())
    if table[field.attname].kind is Kind.LIST:
        return f'to_json("{field.attname}")::VARCHAR'
    return f'"{field.attname}"'


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int | float) else "'" + str(value).replace("'", "''") + "'"
