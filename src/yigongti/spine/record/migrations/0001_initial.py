"""The record's entries.  On SQLite the table is made WITHOUT ROWID: its rows lie in the primary key's order, so that
a resident's rows are neighbours and a load sorted by resident appends.  (A later AlterField would rebuild the table
with a rowid: such a migration has to repeat what is done here.)"""

from django.db import migrations, models


def create(apps, schema_editor):
    entry = apps.get_model("record", "Entry")
    if schema_editor.connection.vendor != "sqlite":
        schema_editor.create_model(entry)
        return
    sql, parameters = schema_editor.table_sql(entry)
    schema_editor.execute(f"{sql} WITHOUT ROWID", parameters or None)


def drop(apps, schema_editor):
    schema_editor.delete_model(apps.get_model("record", "Entry"))


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Entry",
                    fields=[
                        ("pk", models.CompositePrimaryKey("resident_id", "day", "table", "key", blank=True, editable=False, primary_key=True, serialize=False)),
                        ("resident_id", models.CharField(max_length=64, verbose_name="居民编号")),
                        ("day", models.DateField(verbose_name="日期")),
                        ("table", models.CharField(max_length=40, verbose_name="事实表")),
                        ("key", models.CharField(max_length=200, verbose_name="编号")),
                        ("institution_id", models.CharField(max_length=64, null=True, verbose_name="机构编号")),
                        ("line", models.TextField(verbose_name="内容")),
                    ],
                    options={"verbose_name": "档案条目"},
                ),
            ],
        ),
        migrations.RunPython(create, drop, elidable=False),
    ]
