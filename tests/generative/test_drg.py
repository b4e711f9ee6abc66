"""Two engines, one meaning: on any scheme and any cases the vectorised engine says what the plain one says."""

import importlib.util
from pathlib import Path

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from yigongti.capabilities.payment.decisions.drg import Scheme, explain, group, group_batches
from yigongti.capabilities.payment.decisions.drg.codes import CodeList, CodeTable
from yigongti.capabilities.payment.decisions.drg.vocabulary import Vocabulary

_spec = importlib.util.spec_from_file_location(
    "plain_engine", Path(__file__).resolve().parents[1] / "drg" / "plain_engine.py"
)
plain_engine = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(plain_engine)

DX = ["A00.1", "A00.10", "A01", "B20.x", "B20", "I39.8*", "S01", "Z99"]
PROCEDURES = ["01.1", "01.10", "02.2x", "39.65", "99"]
DX_PREFIXES, PROCEDURE_PREFIXES = ["A0", "A00", "B", "S01."], ["01", "01.1", "3"]
LISTS = [f"L{i}" for i in range(7)]

some_dx, some_procedures = st.lists(st.sampled_from(DX), max_size=4), st.lists(st.sampled_from(PROCEDURES), max_size=3)
which_dx = st.one_of(st.sampled_from([*LISTS, "missing"]), some_dx)
which_procedures = st.one_of(st.sampled_from([*LISTS, "missing"]), some_procedures)
symbols = st.sampled_from(["<", "<=", "==", "!=", ">=", ">"])


def compared(column, numbers):
    return st.builds(lambda symbol, number: {column: [symbol, number]}, symbols, st.sampled_from(numbers))


atoms = st.one_of(
    *(st.builds(lambda v, k=key: {k: v}, which_dx) for key in ("principal_dx_in", "any_dx_in", "other_dx_in")),
    *(
        st.builds(lambda v, k=key: {k: v}, which_procedures)
        for key in ("main_procedure_in", "any_procedure_in", "other_procedure_in")
    ),
    st.builds(lambda n, v: {"any_dx_in_at_least": [n, v]}, st.integers(0, 3), st.lists(st.sampled_from(LISTS))),
    st.builds(lambda n, v: {"any_procedure_in_at_least": [n, v]}, st.integers(0, 3), st.lists(which_procedures)),
    st.builds(lambda v: {"no_procedure": v}, st.booleans()),
    compared("age_years", [0, 17, 70]),
    compared("age_days", [0, 28]),
    compared("birth_weight_g", [0, 1500, 2500]),
    compared("days_in_hospital", [5, 60]),
    st.builds(lambda v: {"sex": v}, st.sampled_from(["male", "female"])),
    st.builds(lambda v: {"department": v}, st.sampled_from(["ICU", "0301"])),
    st.builds(lambda v: {"discharge_way_in": v}, st.lists(st.sampled_from(["1", "2", "5"]))),
    st.builds(lambda v: {"has": v}, st.sampled_from(["mcc", "cc"])),
)
conditions = st.recursive(
    st.one_of(atoms, atoms, atoms, atoms, st.booleans()),
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=5,
)
entries = st.one_of(st.just(True), conditions)
exclusions = st.sampled_from(["1", "2", "3"])
voided = st.one_of(exclusions, st.lists(exclusions, min_size=1, max_size=2))


@st.composite
def adrgs(draw, code):
    whens = draw(st.lists(conditions, min_size=1, max_size=3))
    drgs = [{"drg": f"{code}{digit}", "when": when} for digit, when in zip("135", whens, strict=False)]
    return {"when": draw(conditions), "drgs": drgs, "else": draw(st.sampled_from([None, code]))}


@st.composite
def schemes(draw):
    codes = ["BA1", "BR1", "BR2", "CA1", "CR1"]
    ambiguous = [{"ambiguous": f"{letter}QY", "when": draw(conditions)} for letter in "BC"]
    ambiguous.append({"ungrouped": "C00", "when": draw(conditions)})
    steps = st.lists(st.sampled_from([{"adrg": code} for code in codes] + ambiguous), min_size=1, max_size=5)
    mdcs = [{"code": f"MDC{letter}", "when": draw(entries), "steps": draw(steps)} for letter in "ABC"]
    dx_or_procedure = st.lists(st.sampled_from(DX + PROCEDURES), min_size=2, max_size=9)
    prefixes = st.lists(st.sampled_from(DX_PREFIXES + PROCEDURE_PREFIXES), max_size=2)
    tables = {"mcc": exclusions, "cc": exclusions, "exclusion_of_principal": voided}
    by_code = {name: st.dictionaries(st.sampled_from(DX), value, max_size=5) for name, value in tables.items()}
    by_prefix = {
        name: st.dictionaries(st.sampled_from(DX_PREFIXES), value, max_size=2) for name, value in tables.items()
    }
    return {
        "scheme": "generated",
        "title": "",
        "retry_other_procedures": draw(st.booleans()),
        "mdcs": mdcs,
        "adrgs": {code: draw(adrgs(code)) for code in codes},
        "drgs": {},
        "lists": {name: draw(dx_or_procedure) for name in LISTS},
        **{table: draw(by_code[table]) for table in tables},
        "prefixes": {
            "lists": {name: draw(prefixes) for name in LISTS[:3]},
            **{table: draw(by_prefix[table]) for table in tables},
        },
    }


seen_dx = st.one_of(st.sampled_from([*DX, "A00.123", "A01.9", "B2", "S01.5", "none of all", ""]), st.none())
seen_procedures = st.one_of(st.sampled_from([*PROCEDURES, "01.15", "31.1", "88", ""]), st.none())
dx_lists = st.builds(lambda principal, others: [principal, *others], st.sampled_from(DX), st.lists(seen_dx, max_size=4))
procedure_lists = st.lists(seen_procedures, min_size=1, max_size=4)
cases = st.fixed_dictionaries(
    {
        "id": st.integers(0, 10**6),
        "sex": st.sampled_from(["male", "female", None]),
        "age_years": st.sampled_from([0, 17, 18, 70, 90, None]),
        "age_days": st.sampled_from([0, 28, 29, None]),
        "birth_weight_g": st.sampled_from([0, 1499, 1500, 2500, None]),
        "department": st.sampled_from(["ICU", "0301", "9", "", None]),
        "days_in_hospital": st.sampled_from([1, 5, 60, 61, None]),
        "discharge_way": st.sampled_from(["1", "2", "5", "9", None]),
        "dx": st.one_of(dx_lists, dx_lists, dx_lists, st.lists(seen_dx, max_size=3), st.none()),
        "procedures": st.one_of(procedure_lists, procedure_lists, st.just([]), st.none()),
    }
)
SCHEMA = pa.schema(
    {
        "id": pa.int64(),
        "sex": pa.string(),
        "age_years": pa.int32(),
        "age_days": pa.int32(),
        "birth_weight_g": pa.int32(),
        "department": pa.string(),
        "days_in_hospital": pa.int32(),
        "discharge_way": pa.string(),
        "dx": pa.list_(pa.string()),
        "procedures": pa.list_(pa.string()),
    }
)


def plain(scheme, case):
    lists = {key: case[key] or [] for key in ("dx", "procedures")}
    return plain_engine.PlainEngine(scheme).drg({**case, **lists})


@settings(max_examples=400, deadline=None)
@given(schemes(), st.lists(cases, min_size=1, max_size=12))
def test_both_engines_put_every_case_in_the_same_group(document, batch):
    scheme = Scheme.from_document(document)
    grouped = group(pa.Table.from_pylist(batch, SCHEMA), scheme).to_pylist()
    assert [(row["id"], row["drg"]) for row in grouped] == [(case["id"], plain(document, case)) for case in batch]


@settings(max_examples=60, deadline=None)
@given(schemes(), st.lists(cases, min_size=1, max_size=9), st.integers(1, 4), st.integers(0, 3))
def test_a_stream_of_batches_gives_what_the_whole_table_gives(document, batch, size, start):
    scheme = Scheme.from_document(document)
    table = pa.Table.from_pylist(batch, SCHEMA).slice(start)
    streamed = list(group_batches(table.to_batches(max_chunksize=size), scheme))
    assert [row for part in streamed for row in part.to_pylist()] == group(table, scheme).to_pylist()


@settings(max_examples=60, deadline=None)
@given(schemes(), st.lists(cases, min_size=2, max_size=9), st.randoms())
def test_the_order_of_cases_changes_nothing(document, batch, random):
    scheme = Scheme.from_document(document)
    shuffled = random.sample(batch, len(batch))
    results = [group(pa.Table.from_pylist(order, SCHEMA), scheme).to_pylist() for order in (batch, shuffled)]
    assert sorted(map(str, results[0])) == sorted(map(str, results[1]))


@settings(max_examples=100, deadline=None)
@given(schemes(), st.lists(cases, min_size=1, max_size=6))
def test_the_trace_ends_in_the_group_the_engine_gives(document, batch):
    scheme = Scheme.from_document(document)
    for case in batch:
        trace = explain(case, scheme)
        assert trace.drg == plain(document, case)
        last = [one.code for one in trace.considered if one.taken and one.level in ("drg", "ambiguous", "ungrouped")][
            -1:
        ]
        assert last == ([] if trace.drg == "0000" else [trace.drg])


some_text = st.text(alphabet="AB01.", min_size=1, max_size=5)
code_lists = st.builds(CodeList, st.frozensets(some_text, max_size=4), st.lists(some_text, max_size=4).map(tuple))


@settings(max_examples=300, deadline=None)
@given(st.lists(code_lists, min_size=1, max_size=4), st.lists(some_text, min_size=1, max_size=8))
def test_a_code_is_in_exactly_the_lists_that_name_it_or_a_beginning_of_it(lists, codes):
    vocabulary = Vocabulary({c for each in lists for c in each.codes}, {p for each in lists for p in each.prefixes})
    numbers = vocabulary.ids(pa.array([*codes, "", None]))
    for each in lists:
        assert vocabulary.members(each)[numbers].tolist() == [*(code in each for code in codes), False, False]


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(some_text, st.integers(1, 9), max_size=5),
    st.dictionaries(some_text, st.integers(1, 9), max_size=5),
    st.lists(some_text, min_size=1, max_size=8),
)
def test_a_table_gives_a_code_its_own_value_before_that_of_its_longest_beginning(by_code, by_prefix, codes):
    table = CodeTable(by_code, by_prefix)
    vocabulary = Vocabulary(by_code, by_prefix)
    found = vocabulary.numbers(table, {value: value for value in range(10)})[vocabulary.ids(pa.array(codes))]
    assert found.tolist() == [table.get(code) or 0 for code in codes]
