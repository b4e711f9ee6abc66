"""An issued statement of fees stays as it is: the database refuses to change or remove it."""

from django.db import migrations

from yigongti.spine.triggers import on_events, refuse_changes

TRIGGERS = on_events("contract_issuedstatement", "{row}.statement_id IS NOT NULL", events=("update", "delete"))


class Migration(migrations.Migration):
    dependencies = [("contract", "0002_fees_by_team")]
    operations = [refuse_changes("issued statement", TRIGGERS)]
