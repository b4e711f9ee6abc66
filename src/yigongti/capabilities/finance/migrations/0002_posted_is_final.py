"""What is posted is final: postings never change, and a posted run and its lines change only by being taken back."""

from django.db import migrations

from yigongti.spine.triggers import Trigger, on_events, refuse_changes

POSTED = "EXISTS (SELECT 1 FROM finance_run r WHERE r.id = {row}.run_id AND r.posted_at IS NOT NULL)"
TRIGGERS = [
    *on_events("finance_posting", "{row}.id IS NOT NULL", events=("update", "delete")),
    *on_events("finance_line", POSTED),
    *on_events("finance_run", "{row}.posted_at IS NOT NULL", events=("delete",)),
    Trigger(
        "finance_run", "update",
        "OLD.reversed_at IS NOT NULL OR OLD.posted_at IS NOT NULL AND (OLD.digest <> NEW.digest "
        "OR OLD.total_fen <> NEW.total_fen OR NEW.posted_at IS NULL OR NEW.reversed_at IS NULL)",
    ),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("finance", "0001_initial")]
    operations = [refuse_changes("posted to the books", TRIGGERS)]
