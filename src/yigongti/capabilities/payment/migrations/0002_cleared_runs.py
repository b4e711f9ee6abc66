"""Triggers that keep a cleared run as it is: its row, pools and lines, and the clearing itself, cannot be changed.

A later migration that rebuilds one of these tables on SQLite must call `install` again: the rebuild drops triggers
(tests/payment_runs/test_frozen_settlements.py notices).
"""

from django.db import migrations

MESSAGE = "cleared run"
EVENTS = {"insert": "NEW", "update": "OLD", "delete": "OLD"}
OF_RUN = "EXISTS (SELECT 1 FROM payment_clearing c WHERE c.run_id = {row}.{column})"
OF_POOL = (
    "EXISTS (SELECT 1 FROM payment_clearing c JOIN payment_poolresult p ON p.run_id = c.run_id "
    "WHERE p.id = {row}.pool_id)"
)


def install(apps, schema_editor):
    for statement in _statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for name, table, _, _ in _triggers():
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}", params=None)


def _triggers():
    for event in ("update", "delete"):
        yield f"payment_run_cleared_{event}", "payment_run", event, OF_RUN.format(row="OLD", column="id")
        yield f"payment_clearing_final_{event}", "payment_clearing", event, "OLD.id IS NOT NULL"
    for event, row in EVENTS.items():
        pools, lines = OF_RUN.format(row=row, column="run_id"), OF_POOL.format(row=row)
        yield f"payment_poolresult_cleared_{event}", "payment_poolresult", event, pools
        yield f"payment_lineresult_cleared_{event}", "payment_lineresult", event, lines


def _statements(vendor):
    if vendor == "postgresql":
        yield from _for_postgresql()
        return
    for name, table, event, cleared in _triggers():
        yield (
            f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} WHEN {cleared} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )


def _for_postgresql():
    for name, table, event, cleared in _triggers():
        result = "OLD" if event == "delete" else "NEW"
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN "
            f"IF {cleared} THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"RETURN {result}; END $$ LANGUAGE plpgsql"
        )
        yield f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


class Migration(migrations.Migration):
    dependencies = [("payment", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
