"""Five published schemes: every case is put in the group that an independent grouper gives it."""

import gzip

import orjson
import pyarrow as pa
import pytest

from yigongti.capabilities.payment.decisions.drg import Scheme, group

SCHEMES = ("chs-drg-1.1", "chongqing-2022", "zhejiang-2022", "yunnan-2023", "changzhou-2022")


@pytest.fixture(scope="module", params=SCHEMES)
def graded(request, shared):
    """A scheme's expected groups and the groups it was given."""
    data = shared / "data" / "drg"
    lines = gzip.decompress((data / "cases" / f"{request.param}.jsonl.gz").read_bytes()).splitlines()
    cases = [orjson.loads(line) for line in lines]
    scheme = Scheme.load(data / f"{request.param}.json.gz")
    return [case["expected"] for case in cases], group(pa.Table.from_pylist(cases), scheme).to_pylist()


def test_every_case_gets_the_group_the_independent_grouper_gives(graded):
    expected, given = graded
    assert len(given) == 3000
    assert [row for row, drg in zip(given, expected, strict=True) if row["drg"] != drg] == []


def test_a_case_without_a_group_is_0000_and_says_why(graded):
    expected, given = graded
    ungrouped = [row for row, drg in zip(given, expected, strict=True) if drg == "0000"]
    assert ungrouped
    for row in ungrouped:
        assert (row["status"], row["mdc"], row["adrg"]) == ("ungrouped", None, None)
        assert row["reason"].startswith("主要诊断 ")


def test_a_procedure_of_another_category_makes_the_case_ambiguous(graded):
    expected, given = graded
    ambiguous = {row["drg"] for row in given if row["status"] == "ambiguous"}
    assert ambiguous == {drg for drg in expected if drg.endswith("QY")}
