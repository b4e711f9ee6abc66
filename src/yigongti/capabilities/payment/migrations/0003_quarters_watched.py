"""A quarter whose budgets the timer looked at."""

import yigongti.kernel.clock
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payment", "0002_cleared_runs")]

    operations = [
        migrations.CreateModel(
            name="QuarterWatched",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.IntegerField(verbose_name="年度")),
                ("month", models.IntegerField(verbose_name="月份")),
                ("at", models.DateTimeField(default=yigongti.kernel.clock.now, verbose_name="时间")),
            ],
            options={
                "verbose_name": "季度预警核对",
                "constraints": [models.UniqueConstraint(fields=("year", "month"), name="quarter_watched_once")],
            },
        ),
    ]
