"""The engine's edges: odd types, odd cases, streams, and what a case without a value is told."""

import pickle

import pyarrow as pa
import pytest

from yigongti.capabilities.payment.decisions.drg import Scheme, engine, explain, group, group_batches
from yigongti.kernel.errors import Refusal

SCHEME = Scheme.from_document(
    {
        "scheme": "edges", "title": "", "retry_other_procedures": True,
        "mdcs": [
            {"code": "MDCP", "when": {"all": [{"principal_dx_in": "P"}, {"age_years": ["==", 0]}]},
             "steps": [{"adrg": "PR1"}]},
            {"code": "MDCB", "when": {"principal_dx_in": "B"}, "steps": [{"adrg": "BB1"}, {"adrg": "BR1"}]},
        ],
        "adrgs": {
            "PR1": {"when": True, "drgs": [{"drg": "PR11", "when": {"birth_weight_g": ["<", 1500]}}], "else": "PR1"},
            "BB1": {"when": {"main_procedure_in": "OR"}, "drgs": [{"drg": "BB19", "when": True}], "else": None},
            "BR1": {
                "when": {"all": [{"sex": "male"}, {"no_procedure": True}]},
                "drgs": [{"drg": "BR11", "when": {"has": "mcc"}}, {"drg": "BR15", "when": True}], "else": None,
            },
        },
        "drgs": {}, "lists": {"P": ["P07.100"], "B": ["I63.900"], "OR": ["01.2400"]},
        "mcc": {"J96.000": "1", "I63.900": "2"}, "cc": {}, "exclusion_of_principal": {},
    }
)  # fmt: skip
CODES = pa.list_(pa.string())


def case(dx, procedures=(), **values):
    return {
        "id": 1,
        "sex": "male",
        "age_years": 60,
        "birth_weight_g": None,
        "dx": dx,
        "procedures": procedures,
    } | values


def grouped(*cases, scheme=SCHEME):
    types = {"id": pa.int64(), "sex": pa.string(), "age_years": pa.int64(), "birth_weight_g": pa.int64()}
    schema = pa.schema(types | {"dx": CODES, "procedures": CODES})
    return group(pa.Table.from_pylist(list(cases), schema), scheme).to_pylist()


def one(*args, **values):
    return grouped(case(*args, **values))[0]


def test_without_a_group_each_other_procedure_is_tried_as_the_only_one():
    assert one(["I63.900"], ["99.9999", "88.0000", "01.2400"])["drg"] == "BB19"
    assert one(["I63.900"], ["99.9999", "88.0000"])["drg"] == "0000"


def test_a_blank_procedure_is_no_procedure_and_is_not_tried():
    assert one(["I63.900"], ["", None])["drg"] == "BR15"
    assert one(["I63.900"], ["99.9999", ""])["drg"] == "0000"


def test_the_principal_diagnosis_said_twice_counts_among_the_others():
    assert one(["I63.900", "I63.900"])["drg"] == "BR11"


def test_a_birth_weight_of_nothing_is_none_and_the_reason_says_so():
    row = one(["P07.100"], age_years=0, birth_weight_g=0)
    assert (row["drg"], row["status"]) == ("PR1", "grouped")
    assert "出生体重" in row["reason"]
    assert one(["P07.100"], age_years=0, birth_weight_g=1400) == {
        "id": 1, "mdc": "MDCP", "adrg": "PR1", "drg": "PR11", "status": "grouped", "reason": None,
    }  # fmt: skip


@pytest.mark.parametrize("dx", [None, [], [None], ["", "I63.900"]])
def test_a_case_without_a_principal_diagnosis_is_invalid(dx):
    row = one(dx)
    assert (row["drg"], row["mdc"], row["status"]) == ("0000", None, "invalid")
    assert "缺主要诊断" in row["reason"]


@pytest.mark.parametrize(
    ("values", "said"),
    [({"sex": None}, "性别"), ({"sex": "其他"}, "性别"), ({"age_years": None}, "缺年龄"), ({"age_years": -1}, "负数")],
)
def test_what_every_case_must_have_makes_it_invalid_when_it_is_missing(values, said):
    row = one(["I63.900"], **values)
    assert row["status"] == "invalid"
    assert said in row["reason"]


@pytest.mark.parametrize(
    ("dx", "said"),
    [
        ("Z99.900", "主要诊断 Z99.900 不在本方案的任何诊断列表中"),
        ("P07.100", "主要诊断 P07.100 不满足任何 MDC 的进入条件"),
        ("I63.900", "主要诊断 I63.900 进入 MDCB 后没有一组的条件成立"),
    ],
)
def test_an_ungrouped_case_says_how_far_it_came(dx, said):
    assert one([dx], ["99.9999"])["reason"] == said


def test_bad_cases_do_not_touch_the_good_ones_beside_them():
    rows = grouped(case(None), case(["I63.900"]), case(["Z99.900"]), case(["I63.900"], sex=None))
    assert [row["status"] for row in rows] == ["invalid", "grouped", "ungrouped", "invalid"]
    assert rows[1]["drg"] == "BR15"


@pytest.mark.parametrize("values", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
@pytest.mark.parametrize("lists", [pa.list_, pa.large_list])
def test_any_arrow_type_of_text_and_list_will_do(values, lists):
    table = pa.table(
        {
            "id": ["a", "b"],
            "sex": pa.array(["male", "male"]).cast(values),
            "age_years": pa.array([60, 60], pa.int8()),
            "dx": pa.array([["I63.900", "J96.000"], ["Z99.900"]], CODES).cast(lists(values)),
            "procedures": pa.array([[], None], CODES).cast(lists(values)),
        }
    )
    assert [row["drg"] for row in group(table, SCHEME).to_pylist()] == ["BR11", "0000"]
    assert group(table.slice(1), SCHEME).to_pylist()[0]["id"] == "b"


def test_no_cases_are_no_groups_of_the_same_shape():
    empty = group(pa.table({"id": pa.array([], pa.string()), "sex": pa.array([], pa.string()),
                            "age_years": pa.array([], pa.int8()), "dx": pa.array([], CODES),
                            "procedures": pa.array([], CODES)}), SCHEME)  # fmt: skip
    assert (empty.num_rows, empty.column_names) == (0, ["id", "mdc", "adrg", "drg", "status", "reason"])


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"dx": None}, "缺列 dx"),
        ({"sex": None}, "缺列 sex"),
        ({"dx": pa.array(["I63.900"])}, "不是编码的列表"),
        ({"age_years": pa.array(["60"])}, "age_years 是文字"),
    ],
)
def test_a_table_of_another_shape_is_refused(columns, said):
    table = {
        "id": pa.array([1]),
        "sex": pa.array(["male"]),
        "age_years": pa.array([60]),
        "dx": pa.array([["I63.900"]]),
        "procedures": pa.array([[]], CODES),
    } | columns
    with pytest.raises(Refusal, match=said):
        group(pa.table({name: column for name, column in table.items() if column is not None}), SCHEME)


def test_a_stream_of_batches_is_grouped_as_mapinarrow_hands_them_over():
    table = pa.Table.from_pylist([case(["I63.900"], id=i) for i in range(10)], None)
    stream = iter(table.set_column(5, "procedures", pa.array([[]] * 10, CODES)).to_batches(max_chunksize=3))
    batches = list(group_batches(stream, SCHEME))
    assert [row["id"] for batch in batches for row in batch.to_pylist()] == list(range(10))
    assert {row["drg"] for batch in batches for row in batch.to_pylist()} == {"BR15"}


def test_a_long_stream_is_grouped_piece_by_piece_without_waiting_for_its_end(monkeypatch):
    monkeypatch.setattr(engine, "STREAM_ROWS", 4)
    table = pa.Table.from_pylist([case(["I63.900"], [], id=i) for i in range(10)])
    table = table.set_column(5, "procedures", pa.array([[]] * 10, CODES))
    batches = list(group_batches(iter(table.to_batches(max_chunksize=3)), SCHEME))
    assert [batch.num_rows for batch in batches] == [6, 4]
    assert list(group_batches(iter([]), SCHEME)) == []


def test_a_table_in_many_pieces_is_grouped_as_in_one(monkeypatch):
    monkeypatch.setattr(engine, "BATCH_ROWS", 4)
    table = pa.Table.from_pylist([case(["I63.900"], ["01.2400"], id=i) for i in range(10)])
    pieces = pa.concat_tables([table.slice(i, 1) for i in range(10)])
    assert group(pieces, SCHEME).to_pylist() == group(table, SCHEME).to_pylist()


def test_a_scheme_in_use_can_be_sent_to_another_process():
    sent = pickle.loads(pickle.dumps(SCHEME))
    assert grouped(case(["I63.900", "J96.000"]), scheme=sent) == grouped(case(["I63.900", "J96.000"]))


def test_the_trace_of_a_retried_case_shows_the_procedure_that_made_the_group():
    trace = explain(case(["I63.900"], ["99.9999", "01.2400"]), SCHEME)
    assert ("retry", "01.2400") in [(step.level, step.code) for step in trace.considered]
    assert trace.unknown_codes == ("99.9999",)
    assert trace.lines()[-1] == "结果 BB19(入组)"


def test_spark_gives_the_same_groups():
    pyspark = pytest.importorskip("pyspark", reason="SPARK IS NOT INSTALLED: mapInArrow is tested with batches alone")
    session = pyspark.sql.SparkSession.builder.master("local[1]").getOrCreate()
    rows = [case(["I63.900", "J96.000"], [], id=i) for i in range(5)]
    frame = session.createDataFrame(
        rows, "id long, sex string, age_years long, dx array<string>, procedures array<string>"
    )
    written = "id long, mdc string, adrg string, drg string, status string, reason string"
    found = frame.mapInArrow(lambda batches: group_batches(batches, SCHEME), written).collect()
    assert {row["drg"] for row in found} == {"BR11"}
