"""How a model says whose rows are whose: its attribute `row_scope`, read by `access.rows.scoped`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ByInstitution:
    """Rows belong to the institutions named in these columns; any of them inside one's scope is enough."""

    columns: tuple[str, ...] = ("institution_id",)


@dataclass(frozen=True)
class ByResident:
    """Rows are part of the record of the person named in this column: seen by who may see the record."""

    column: str = "resident_id"
