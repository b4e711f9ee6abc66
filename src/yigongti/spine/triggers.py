"""Triggers by which the database itself refuses what no constraint can say: to change or remove rows that are final,
or a row that cannot stand beside another.

For migrations: `refuse_changes("cleared run", triggers)` is the operation that installs them, on SQLite and PostgreSQL.
A later migration that rebuilds one of the tables on SQLite must add the operation again: the rebuild drops triggers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import migrations

ROWS = {"insert": "NEW", "update": "OLD", "delete": "OLD"}
"""Event → the row that its condition speaks of."""


@dataclass(frozen=True)
class Trigger:
    """Refuse an event (insert, update, delete, or update of some columns) on a table where a condition over NEW or OLD
    holds.

    about: what is held, part of the trigger's name.  turns: a text over NEW, for a condition that looks at other rows:
    transactions that write rows of the same text take turns, so that the later one sees what the earlier one wrote.
    (On SQLite one transaction writes at a time anyway.)
    """

    table: str
    event: str
    when: str
    about: str = "final"
    turns: str = ""

    @property
    def name(self) -> str:
        return f"{self.table}_{self.about}_{self.event.split()[0]}"


def on_events(table: str, when: str, *, events: Sequence[str] = ("insert", "update", "delete")) -> list[Trigger]:
    """One trigger an event; when: a condition with {row} for the row in question."""
    return [Trigger(table, event, when.format(row=ROWS[event])) for event in events]


def refuse_changes(message: str, triggers: Sequence[Trigger]) -> migrations.RunPython:
    """The migration operation; what is refused fails with the message, as an integrity error."""

    def install(_apps: Any, schema_editor: Any) -> None:
        write = _for_postgresql if schema_editor.connection.vendor == "postgresql" else _for_sqlite
        for trigger in triggers:
            for statement in write(trigger, message):
                schema_editor.execute(statement, params=None)

    def remove(_apps: Any, schema_editor: Any) -> None:
        for each in triggers:
            on = f" ON {each.table}" if schema_editor.connection.vendor == "postgresql" else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {each.name}{on}", params=None)

    return migrations.RunPython(install, remove)


def _for_sqlite(trigger: Trigger, message: str) -> Iterator[str]:
    yield (
        f"CREATE TRIGGER {trigger.name} BEFORE {trigger.event.upper()} ON {trigger.table} WHEN {trigger.when} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _for_postgresql(trigger: Trigger, message: str) -> Iterator[str]:
    result = "OLD" if trigger.event == "delete" else "NEW"
    turns = (
        f"PERFORM pg_advisory_xact_lock(hashtextextended('{trigger.table}_{trigger.about}' || {trigger.turns}, 0)); "
    )
    yield (
        f"CREATE OR REPLACE FUNCTION {trigger.name}() RETURNS trigger AS $$ BEGIN {turns if trigger.turns else ''}"
        f"IF {trigger.when} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"RETURN {result}; END $$ LANGUAGE plpgsql"
    )
    on = f"BEFORE {trigger.event.upper()} ON {trigger.table}"
    yield f"CREATE TRIGGER {trigger.name} {on} FOR EACH ROW EXECUTE FUNCTION {trigger.name}()"
