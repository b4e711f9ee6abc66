"""A workflow with columns of its own: what is filled in goes into them, typed, and lists over all cases still hold."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection, models
from tests.spine.county import account, draw_county
from tests.spine.sterile import in_use

from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.facts import Kind
from yigongti.kernel.roles import Role
from yigongti.spine.cases.bindings import of_its_model
from yigongti.spine.cases.engine import Parties, open_case, take
from yigongti.spine.cases.fields import column_of
from yigongti.spine.cases.models import Case
from yigongti.spine.cases.selectors import visible_cases

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.store]
NOON = datetime(2025, 3, 3, 12, tzinfo=COUNTY_TIME)


class SterilePack(Case):
    """The columns of sterile supply: `batch` here has a column, the other fields have none."""

    batch = models.CharField("灭菌批次", max_length=40, null=True)
    sterilised_on = models.DateField("灭菌日期", null=True)
    price_fen = models.BigIntegerField("价格", null=True)
    method = models.CharField("方式", max_length=10, null=True, choices=[("steam", "蒸汽"), ("gas", "气体")])

    class Meta:
        app_label = "tests_of_cases"


@pytest.fixture
def table() -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.create_model(SterilePack)
    draw_county()
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(SterilePack)


def test_a_field_is_what_its_column_is() -> None:
    with in_use(SterilePack) as binding:
        kinds = {name: column_of(binding, name).kind for name in ("sterilised_on", "price_fen", "method", "cycles")}
    assert kinds == {"sterilised_on": Kind.DAY, "price_fen": Kind.FEN, "method": Kind.CODE, "cycles": Kind.INTEGER}
    assert column_of(binding, "method").choices == {"steam": "蒸汽", "gas": "气体"}
    with pytest.raises(LookupError):
        column_of(binding, "state")


@pytest.mark.usefixtures("table")
def test_what_is_filled_in_goes_into_the_workflows_own_columns() -> None:
    technician = account("t", (Role.TECHNICIAN, "institution", "H1"))
    clinician = account("c", (Role.CLINICIAN, "institution", "T1"))
    with in_use(SterilePack):
        pack = open_case("sterile_supply", parties=Parties("T1", "H1"), by=clinician, at=NOON, request_id="1")
        take(pack, "collect", by=technician, at=NOON, request_id="2")
        pack.refresh_from_db()
        filled = {"batch": "B7", "indicator_passed": True, "cycles": 2}
        take(pack, "sterilise", by=technician, at=NOON + timedelta(hours=2), request_id="3", data=filled)
        stored = of_its_model(Case.objects.get())
        assert isinstance(stored, SterilePack)
        assert (stored.batch, stored.payload) == ("B7", {"indicator_passed": True, "cycles": 2})
        assert [case.pk for case in visible_cases(technician)] == [pack.pk]
