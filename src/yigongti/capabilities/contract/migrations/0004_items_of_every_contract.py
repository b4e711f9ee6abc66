"""Items belong to a contract's number, so that contracts that files brought have items too; a dispute is a case."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

HELD = ("resident_id", "institution_id", "team_id")


def tell_the_contract(apps, schema_editor):
    """What an item was told by its contract's case, it now has itself."""
    item, contract = apps.get_model("contract", "DueItem"), apps.get_model("contract", "Contract")
    own = contract.objects.filter(pk=OuterRef("contract_id"))
    told = {name: Subquery(own.values(name)[:1]) for name in HELD}
    item.objects.update(number=models.F("contract_id"), **told)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_work_lists"),
        ("contract", "0003_issued_is_final"),
        ("people", "0002_unsaid"),
        ("places", "0002_unsaid"),
    ]

    operations = [
        migrations.CreateModel(
            name="Planned",
            fields=[
                ("number", models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name="签约编号")),
                ("package", models.CharField(max_length=100, verbose_name="服务包")),
                ("start_on", models.DateField(verbose_name="开始日期")),
                ("end_on", models.DateField(verbose_name="结束日期")),
            ],
            options={"verbose_name": "已排服务项目的签约"},
        ),
        migrations.AddField("dueitem", "number", models.CharField("签约编号", max_length=64, null=True)),
        migrations.AddField("dueitem", "team_id", models.CharField("团队编号", max_length=64, null=True)),
        migrations.AddField(
            "dueitem",
            "resident",
            models.ForeignKey(
                null=True,
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.resident",
            ),
        ),
        migrations.AddField(
            "dueitem",
            "institution",
            models.ForeignKey(
                null=True,
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="places.institution",
            ),
        ),
        migrations.AddField(
            "dueitem",
            "dispute",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="disputed_item",
                to="cases.case",
            ),
        ),
        migrations.RemoveConstraint("dueitem", "due_item_once"),
        migrations.AlterField(
            "dueitem",
            "contract",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="contract.contract",
            ),
        ),
        migrations.RunPython(tell_the_contract, migrations.RunPython.noop),
    ]
