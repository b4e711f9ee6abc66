"""Money of payment: exact to the fen, the same in every order, the same by two engines, nobody paid twice."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_dip import PlainDip

from yigongti.capabilities.payment.decisions.clearing import Care, Claim, Pool, by_points_fen, clear
from yigongti.capabilities.payment.decisions.deductible import LinkedStay, deductibles, standard_fen
from yigongti.capabilities.payment.decisions.dip import build, score
from yigongti.kernel.facts.county import LEVELS
from yigongti.kernel.rules import RuleBook

BOOK = RuleBook.load()
RULES = BOOK.on(date(2025, 12, 31))
FEW = BOOK.with_values({"payment.dip.case_threshold": "3"}).on(date(2025, 12, 31))

linked_stays = st.lists(
    st.tuples(st.sampled_from([*LEVELS]), st.integers(0, 6), st.integers(0, 20), st.booleans()), min_size=1, max_size=7
)


def chain(drawn):
    """Stays one after another from a day in March, so that none crosses the year."""
    day, found = date(2025, 3, 1), []
    for number, (level, gap, length, linked) in enumerate(drawn):
        admitted = day + timedelta(days=gap)
        day = admitted + timedelta(days=length)
        found.append(LinkedStay(f"s{number}", level, admitted, day, linked))
    return found


@settings(max_examples=100, deadline=None)
@given(linked_stays)
def test_linked_stays_together_never_pay_more_than_the_highest_standard(drawn):
    stays = [LinkedStay(s.stay_id, s.level, s.discharged_on, s.discharged_on, linked=True) for s in chain(drawn)]
    together = [LinkedStay(s.stay_id, s.level, date(2025, 3, 1), date(2025, 3, 1), linked=True) for s in stays]
    total = sum(charge.deductible_fen for charge in deductibles(together, book=BOOK))
    assert total == max(standard_fen(stay, rules=RULES) for stay in together)


@settings(max_examples=100, deadline=None)
@given(linked_stays, st.randoms())
def test_no_stay_pays_more_than_its_standard_and_the_order_given_changes_nothing(drawn, random):
    stays = chain(drawn)
    charges = {charge.stay_id: charge for charge in deductibles(stays, book=BOOK)}
    shuffled = random.sample(stays, len(stays))
    assert {charge.stay_id: charge for charge in deductibles(shuffled, book=BOOK)} == charges
    for stay in stays:
        assert 0 <= charges[stay.stay_id].deductible_fen <= standard_fen(stay, rules=RULES)
        if not stay.linked:
            assert charges[stay.stay_id].deductible_fen == standard_fen(stay, rules=RULES)


cases = st.lists(
    st.fixed_dictionaries(
        {
            "dx": st.sampled_from([["J18.900"], ["J18.100", "I50.900"], ["I10.x00"], ["C34.900", "C78.000"], []]),
            "procedures": st.lists(
                st.sampled_from(["51.2300", "88.7600", "93.9000", "99.2500", "36.0600"]), max_size=3
            ),
            "total_fen": st.one_of(st.just(0), st.integers(10_000, 5_000_000)),
            "operation_level": st.sampled_from([None, 1, 2, 3, 4]),
            "institution_id": st.sampled_from(["H", "T"]),
            "age_years": st.integers(0, 95),
        }
    ),
    min_size=4,
    max_size=40,
).filter(lambda rows: any(row["dx"] and row["total_fen"] for row in rows))


def as_table(rows):
    days = {"admitted_on": date(2025, 5, 1), "discharged_on": date(2025, 5, 7), "discharge_way": "1"}
    schema = pa.schema(
        [("stay_id", pa.string()), ("dx", pa.list_(pa.string())), ("procedures", pa.list_(pa.string())),
         ("total_fen", pa.int64()), ("operation_level", pa.int64()), ("institution_id", pa.string()),
         ("age_years", pa.int64()), ("admitted_on", pa.date32()), ("discharged_on", pa.date32()),
         ("discharge_way", pa.string())]
    )  # fmt: skip
    return pa.Table.from_pylist([{"stay_id": f"s{at:03}", **days, **row} for at, row in enumerate(rows)], schema)


@settings(max_examples=60, deadline=None)
@given(cases)
def test_the_vectorised_dip_agrees_with_plain_python_case_by_case(rows):
    plain, catalogue = PlainDip(rows, FEW), build(as_table(rows), rules=FEW)
    done = score(as_table(rows), catalogue, rules=FEW).table.to_pylist()
    assert [case["group"] for case in done] == [plain.group(row) for row in rows]
    for row, case in zip(rows, done, strict=True):
        if case["group"]:
            assert abs(case["score"] - float(plain.score(case["group"]))) < 0.0001
            deviated = plain.deviated(row)
            if deviated is not None:
                assert abs(case["adjusted_score"] - float(deviated)) < 0.01 + float(deviated) / 1000


@settings(max_examples=40, deadline=None)
@given(cases, st.randoms())
def test_the_order_of_stays_changes_no_catalogue_and_no_score(rows, random):
    stays = as_table(rows)
    shuffled = stays.take(random.sample(range(len(rows)), len(rows)))
    catalogue = build(stays, rules=FEW, levels={"H": "secondary", "T": "primary"})
    assert build(shuffled, rules=FEW, levels={"H": "secondary", "T": "primary"}).digest == catalogue.digest
    done = score(shuffled, catalogue, rules=FEW).table.to_pylist()
    assert sorted(done, key=lambda case: case["stay_id"]) == score(stays, catalogue, rules=FEW).table.to_pylist()


@settings(max_examples=40, deadline=None)
@given(cases)
def test_every_core_group_keeps_the_cases_that_made_it_one(rows):
    catalogue = build(as_table(rows), rules=FEW)
    assert all(sum(group.cases) >= 3 for group in catalogue.groups if group.kind == "core")
    assert sum(sum(group.cases) for group in catalogue.groups) == catalogue.report["counted"]


def clearing_rules(choices):
    return BOOK.with_values(choices).on(date(2025, 12, 31))


yes_no = st.sampled_from(["是", "否"])
shares = st.sampled_from(["0%", "30%", "85%", "100%"])
choices = st.fixed_dictionaries(
    {
        "payment.clearing.by_consortium": yes_no,
        "payment.surplus_kept": yes_no,
        "payment.overrun_shared": yes_no,
        "payment.budget_tied_to_in_region_rate": yes_no,
        "payment.inpatient.total_cost": yes_no,
        "payment.clearing.quality_factor": shares,
        "payment.clearing.surplus_share": shares,
        "payment.clearing.surplus_cap": shares,
        "payment.budget.reserved_share": st.sampled_from(["0%", "5%"]),
        "payment.outpatient.contract_share": shares,
    }
)
amounts = st.integers(0, 10**9)
cares = st.builds(Care, st.integers(1, 50), amounts, amounts, st.integers(0, 10**7))
claims = st.builds(Claim, st.just(""), st.booleans(), st.booleans(), cares, cares)
pools = st.builds(
    lambda scheme, budget, found, region: Pool(
        "C1", "resident", scheme, budget,
        tuple(replace(claim, institution_id=f"i{at}") for at, claim in enumerate(found)), Fraction(region, 100),
    ),
    st.sampled_from(["inpatient", "outpatient", "global"]), st.integers(0, 10**10), st.lists(claims, max_size=8),
    st.integers(0, 100),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(pools, choices)
def test_what_is_paid_is_what_is_budgeted_or_shared_to_the_fen(pool, chosen):
    done = clear(pool, rules=clearing_rules(chosen))
    assert done.final_fen + done.kept_by_fund_fen == pool.budget_fen + done.fund_share_fen
    assert done.kept_by_fund_fen >= 0
    assert done.fund_share_fen >= 0
    for line in done.lines:
        assert min(line.final_fen, line.payable_fen, line.surplus_kept_fen, line.overrun_borne_fen) >= 0
        assert line.final_fen == line.claim.recorded_fen + line.surplus_kept_fen - line.overrun_borne_fen
        assert not (line.surplus_kept_fen and line.overrun_borne_fen)


@settings(max_examples=150, deadline=None)
@given(pools, choices, st.randoms())
def test_the_order_of_claims_changes_nothing(pool, chosen, random):
    shuffled = replace(pool, claims=tuple(random.sample(pool.claims, len(pool.claims))))
    ruled = clearing_rules(chosen)
    assert clear(shuffled, rules=ruled).lines == clear(pool, rules=ruled).lines


@settings(max_examples=150, deadline=None)
@given(st.lists(cares, min_size=2, max_size=6), st.integers(0, 10**10), st.integers(1, 10**7))
def test_more_points_of_others_never_raise_what_an_institution_is_due(found, total, more):
    ruled = clearing_rules({"payment.inpatient.total_cost": "否"})
    crowded = [replace(found[0], weight=found[0].weight + more), *found[1:]]
    if sum(care.weight for care in found):
        before, after = (by_points_fen(each, total, rules=ruled)[1] for each in (found, crowded))
        assert sum(after) == sum(before) == total
        assert all(later <= earlier + 1 for earlier, later in zip(before[1:], after[1:], strict=True))
