"""What the dictionary calls its tables, columns and choices, in the other language of the pages."""

import re

import pytest
from django.utils.translation import gettext, override

from yigongti.kernel.facts import COUNTY


@pytest.mark.parametrize("table", COUNTY)
def test_a_fact_table_its_columns_and_choices_have_english_names(table):
    facts = COUNTY[table]
    labels = [facts.label, *(column.label for column in facts.columns)]
    labels += [label for column in facts.columns for label in column.choices.values()]
    with override("en"):
        assert [label for label in labels if re.search("[一-鿿]", gettext(label))] == []
