"""Every item has its contract's number, resident, institution and team, and falls due once of it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contract", "0004_items_of_every_contract")]

    operations = [
        migrations.AlterField("dueitem", "number", models.CharField("签约编号", max_length=64)),
        migrations.AlterField("dueitem", "team_id", models.CharField("团队编号", max_length=64)),
        migrations.AlterField(
            "dueitem",
            "resident",
            models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.resident",
            ),
        ),
        migrations.AlterField(
            "dueitem",
            "institution",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="places.institution",
            ),
        ),
        migrations.AddConstraint(
            "dueitem", models.UniqueConstraint(fields=("number", "item", "due_on"), name="due_item_once")
        ),
        migrations.AddIndex("dueitem", models.Index(fields=["team_id", "due_on"], name="due_item_of_team")),
    ]
