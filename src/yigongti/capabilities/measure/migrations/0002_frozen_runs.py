"""Triggers that keep a frozen run as it is: its row, its values and its warnings can be neither changed nor removed.

A later migration that rebuilds one of these tables on SQLite must call `install` again: the rebuild drops triggers
(tests/measure_web/test_frozen_runs.py notices).
"""

from django.db import migrations

MESSAGE = "frozen run"
CHILDREN = ("measure_value", "measure_earlywarning")
EVENTS = {"insert": "NEW", "update": "OLD", "delete": "OLD"}


def install(apps, schema_editor):
    for statement in _statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for name, table, _, _ in _triggers():
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}", params=None)


def _triggers():
    for event in ("update", "delete"):
        yield f"measure_run_frozen_{event}", "measure_run", event, "OLD.frozen_at IS NOT NULL"
    for table in CHILDREN:
        for event, row in EVENTS.items():
            frozen = f"EXISTS (SELECT 1 FROM measure_run r WHERE r.id = {row}.run_id AND r.frozen_at IS NOT NULL)"
            yield f"{table}_frozen_{event}", table, event, frozen


def _statements(vendor):
    if vendor == "postgresql":
        yield from _for_postgresql()
        return
    for name, table, event, frozen in _triggers():
        yield (
            f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} WHEN {frozen} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )


def _for_postgresql():
    for name, table, event, frozen in _triggers():
        result = "NEW" if event == "insert" else "OLD" if event == "delete" else "NEW"
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN "
            f"IF {frozen} THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"RETURN {result}; END $$ LANGUAGE plpgsql"
        )
        yield f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


class Migration(migrations.Migration):
    dependencies = [("measure", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
