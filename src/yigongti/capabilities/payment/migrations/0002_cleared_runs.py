"""A cleared run stays as it is: its row, pools and lines, and the clearing itself, cannot be changed or removed."""

from django.db import migrations

from yigongti.spine.triggers import on_events, refuse_changes

OF_RUN = "EXISTS (SELECT 1 FROM payment_clearing c WHERE c.run_id = {{row}}.{column})"
OF_POOL = (
    "EXISTS (SELECT 1 FROM payment_clearing c JOIN payment_poolresult p ON p.run_id = c.run_id "
    "WHERE p.id = {row}.pool_id)"
)
TRIGGERS = [
    *on_events("payment_run", OF_RUN.format(column="id"), events=("update", "delete")),
    *on_events("payment_clearing", "{row}.id IS NOT NULL", events=("update", "delete")),
    *on_events("payment_poolresult", OF_RUN.format(column="run_id")),
    *on_events("payment_lineresult", OF_POOL),
]


class Migration(migrations.Migration):
    dependencies = [("payment", "0001_initial")]
    operations = [refuse_changes("cleared run", TRIGGERS)]
