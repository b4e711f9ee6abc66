"""Services that fall due are the contract's to show; what was done of them has its own entry."""

from typing import Any

from django.db import migrations


def _drop(apps: Any, schema_editor: Any) -> None:
    apps.get_model("record", "Entry").objects.filter(table="contract_item").delete()


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]

    operations = [migrations.RunPython(_drop, migrations.RunPython.noop)]
