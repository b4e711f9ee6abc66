"""An item that is done knows at which of the team's sites."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contract", "0006_panels_tell_the_household")]

    operations = [
        migrations.AddField(
            "dueitem",
            "performer",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="places.institution",
                verbose_name="完成机构",
            ),
        ),
    ]
