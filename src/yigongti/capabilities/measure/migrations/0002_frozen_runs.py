"""A frozen run stays as it is: the database refuses to change or remove its row, its values and its warnings."""

from django.db import migrations

from yigongti.spine.triggers import on_events, refuse_changes

OF_FROZEN = "EXISTS (SELECT 1 FROM measure_run r WHERE r.id = {row}.run_id AND r.frozen_at IS NOT NULL)"
TRIGGERS = [
    *on_events("measure_run", "{row}.frozen_at IS NOT NULL", events=("update", "delete")),
    *on_events("measure_value", OF_FROZEN),
    *on_events("measure_earlywarning", OF_FROZEN),
]


class Migration(migrations.Migration):
    dependencies = [("measure", "0001_initial")]
    operations = [refuse_changes("frozen run", TRIGGERS)]
