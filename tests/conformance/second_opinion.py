"""The suite's expectations worked out a second time, in plain Python that shares no code with the product.

Written from the README of the suite alone: one case at a time, fractions instead of columns, no thought for speed.
"""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from plain_groups import PlainEngine
from second_opinion_dip import dip_build, dip_coefficient, dip_score
from second_opinion_reckoning import Refused, Row, band, four_places, fraction, largest_remainder


def grouping(asked: Row) -> Row:
    case, scheme = asked["case"], asked["scheme"]
    drg = PlainEngine(scheme).drg(case)
    adrgs = {each["drg"]: code for code, adrg in scheme["adrgs"].items() for each in adrg["drgs"]}
    adrgs |= {adrg["else"]: code for code, adrg in scheme["adrgs"].items() if adrg["else"]}
    incomplete = not case["dx"] or not case["dx"][0] or case["sex"] is None or case["age_years"] is None
    status = "ungrouped" if drg == "0000" else "ambiguous" if drg.endswith("QY") else "grouped"
    mdc = next((m["code"] for m in scheme["mdcs"] if _gives(m, drg, scheme)), None)
    result = {"drg": drg, "status": "invalid" if incomplete else status, "mdc": mdc}
    return result | ({"adrg": adrgs[drg]} if drg in adrgs else {})


def _gives(mdc: Row, drg: str, scheme: Row) -> bool:
    for step in mdc["steps"]:
        adrg = scheme["adrgs"].get(step.get("adrg"), {"drgs": [], "else": None})
        if drg in (step.get("ambiguous"), adrg["else"], *(each["drg"] for each in adrg["drgs"])):
            return True
    return False


def points(asked: Row) -> Row:
    told, sums = asked["parameters"], _Sums(asked["history"], asked["levels"])
    groups = {drg: sums.mean(drg=drg) / sums.mean() * told["points_scale"] for drg in sums.groups}
    cases = {}
    for row in asked["cases"]:
        kind, worth = _points_of(row, groups, sums, asked)
        cases[row["id"]] = {"kind": kind, "points": four_places(worth * _readmitted(row, asked))}
    return {"groups": {drg: {"base_points": four_places(base)} for drg, base in groups.items()}, "cases": cases}


class _Sums:
    def __init__(self, history: list[Row], levels: dict[str, str]) -> None:
        self.rows = [(row["institution_id"], levels[row["institution_id"]], row) for row in history]
        self.groups = {row["drg"] for row in history}

    def mean(self, *, drg: str | None = None, place: str | None = None, level: str | None = None) -> Fraction | None:
        found = [
            row
            for where, kind, row in self.rows
            if drg in (None, row["drg"]) and place in (None, where) and level in (None, kind)
        ]
        cases = sum(row["cases"] for row in found)
        return Fraction(sum(row["total_fen"] for row in found), cases) if cases else None


def _points_of(row: Row, groups: dict[str, Fraction], sums: _Sums, asked: Row) -> tuple[str, Fraction]:
    told, drg = asked["parameters"], row["drg"]
    if row["status"] != "grouped" or drg not in groups:
        return "by_cost", row["total_fen"] / sums.mean() * told["points_scale"]
    base, times = groups[drg], row["total_fen"] / sums.mean(drg=drg)
    threshold = band(told["high_outlier"], base)
    if times <= fraction(told["low_outlier"]):
        return "low", base * times
    if times >= threshold:
        return "high", base + base * (times - threshold)
    return "normal", base * _factor(row["institution_id"], drg, sums, asked)


def _factor(place: str, drg: str, sums: _Sums, asked: Row) -> Fraction:
    told = asked["parameters"]
    if drg in asked["base_level"]:
        return fraction(told["base_level_factor"])
    of_level = sums.mean(drg=drg, level=asked["levels"][place])
    if of_level is None:
        return fraction(told["new_group_factor"])
    own, share = sums.mean(drg=drg, place=place) or of_level, fraction(told["hospital_factor_share"])
    return (share * own + (1 - share) * of_level) / sums.mean(drg=drg)


def _readmitted(row: Row, asked: Row) -> Fraction:
    same = [
        other
        for other in asked["cases"]
        if other["id"] != row["id"]
        and all(other[name] == row[name] for name in ("resident_id", "institution_id", "drg", "status"))
    ]
    gaps = [(_day(other["admitted_on"]) - _day(row["discharged_on"])).days for other in same]
    within = asked["parameters"]["readmission_within_days"]
    again = row["status"] == "grouped" and any(0 <= gap <= within for gap in gaps)
    return fraction(asked["parameters"]["readmission_share"]) if again else Fraction(1)


def _day(text: str) -> date:
    return date.fromisoformat(text)


ORDER = ["primary", "secondary", "tertiary"]


def deductible(asked: Row) -> Row:
    told, result = asked["parameters"], {}
    before, met, nth = None, 0, asked["stays_before"]
    for stay in sorted(asked["stays"], key=lambda each: each["admitted_on"]):
        standard = told["standard_fen"][stay["level"]]
        if before is None or not _continues(before, stay, told):
            year_goes_on = before is None or before["discharged_on"][:4] == stay["discharged_on"][:4]
            nth, due, met = (nth + 1 if year_goes_on else 1), Fraction(standard), standard
        else:
            due = _moved(before, stay, standard, met, told)
            met = max(met, standard)
        if told["decreasing"]:
            due = min(due, standard * band(told["nth_stay_share"], Fraction(nth)))
        result[stay["stay_id"]] = {"deductible_fen": int(due + Fraction(1, 2))}
        before = stay
    return {"stays": result}


def _continues(before: Row, stay: Row, told: Row) -> bool:
    gap = (_day(stay["admitted_on"]) - _day(before["discharged_on"])).days
    same_year = before["discharged_on"][:4] == stay["discharged_on"][:4] or told["continues_across_years"]
    return told["continuous"] and stay["linked"] and gap <= told["linked_within_days"] and same_year


def _moved(before: Row, stay: Row, standard: int, met: int, told: Row) -> Fraction:
    step = ORDER.index(stay["level"]) - ORDER.index(before["level"])
    if step == 0:
        return standard * fraction(told["same_level_share"])
    return Fraction(max(0, standard - met)) if step > 0 else Fraction(0)


def clearing(asked: Row) -> Row:
    told, pool = asked["parameters"], asked["pool"]
    _must_be_sound(pool)
    budget, claims = pool["budget_fen"], sorted(pool["claims"], key=lambda each: each["institution_id"])
    recorded = {each["institution_id"]: sum(_cares(each, "recorded_fen")) for each in claims}
    inside = [each for each in claims if each["in_county"]]
    outside = {each["institution_id"]: recorded[each["institution_id"]] for each in claims if not each["in_county"]}
    reserve, rest = largest_remainder(budget, [fraction(told["reserved_share"]), 1 - fraction(told["reserved_share"])])
    shared = rest - sum(outside.values())
    due = dict(zip((each["institution_id"] for each in inside), _due(inside, shared, pool, told), strict=True))
    together = told["visits_by_consortium" if pool["scheme"] == "outpatient" else "by_consortium"]
    settle = _together if together else _apart
    lines, kept, share = settle(inside, due, recorded, pool, told)
    for name, fen in outside.items():
        lines[name] = [fen, 0, 0, fen]
    names = ("payable_fen", "surplus_kept_fen", "overrun_borne_fen", "final_fen")
    return {
        "lines": {name: dict(zip(names, line, strict=True)) for name, line in lines.items()},
        "kept_by_fund_fen": reserve + kept,
        "fund_share_of_overrun_fen": share,
    }


def _cares(claim: Row, what: str) -> list[int]:
    return [claim[kind][what] for kind in ("inpatient", "outpatient") if kind in claim]


def _must_be_sound(pool: Row) -> None:
    names = [each["institution_id"] for each in pool["claims"]]
    amounts = [pool["budget_fen"], *(fen for each in pool["claims"] for fen in _cares(each, "recorded_fen"))]
    if len(set(names)) < len(names) or min(amounts) < 0:
        raise Refused


def _due(inside: list[Row], shared: int, pool: Row, told: Row) -> list[int]:
    if pool["scheme"] == "outpatient":
        people, cost = ([fraction(each["outpatient"][what]) for each in inside] for what in ("people", "recorded_fen"))
        share = fraction(told["contract_share"])
        parts = largest_remainder(shared, [share, 1 - share])
        return [
            a + b for a, b in zip(largest_remainder(parts[0], people), largest_remainder(parts[1], cost), strict=True)
        ]
    weights = [fraction(each["inpatient"]["points"]) for each in inside]
    if not told["points_share_total_cost"]:
        return largest_remainder(shared, weights)
    own = [each["inpatient"]["self_fen"] for each in inside]
    worth = largest_remainder(shared + sum(own), weights)
    return largest_remainder(shared, [Fraction(max(0, a - b)) for a, b in zip(worth, own, strict=True)])


def _factors(pool: Row, told: Row) -> tuple[Fraction, Fraction]:
    tie = Fraction(1)
    if told["tied_to_in_region_rate"] and pool["in_region"] is not None:
        tie = min(Fraction(1), fraction(pool["in_region"]) / fraction(told["in_region_target"]))
    return tie, tie * fraction(told["quality_factor"])


def _kept(surplus: int, of: int, factor: Fraction, told: Row) -> int:
    if not told["surplus_kept"] or Fraction(of - surplus) < fraction(told["least_use"]) * of:
        return 0
    return int(
        min(surplus * min(Fraction(1), fraction(told["surplus_share"]) * factor), of * fraction(told["surplus_cap"]))
    )


def _borne_by_fund(overrun: int, of: int, factor: Fraction, told: Row) -> int:
    if not told["overrun_shared"]:
        return 0
    total, low = Fraction(0), Fraction(0)
    for each in told["overrun_tiers"]:
        high = min(Fraction(overrun), fraction(each["up_to"]) * of) if "up_to" in each else Fraction(overrun)
        total += max(Fraction(0), high - low) * fraction(each["value"])
        low = max(low, high)
    return int(total * factor)


Settled = tuple[dict[str, list[int]], int, int]


def _together(inside: list[Row], due: dict[str, int], recorded: dict[str, int], pool: Row, told: Row) -> Settled:
    tie, factor = _factors(pool, told)
    spent, outside = sum(recorded[name] for name in due), sum(recorded.values()) - sum(recorded[name] for name in due)
    available = pool["budget_fen"] - _reserve(pool, told) - outside
    left = available - spent
    if left < 0:
        share = _borne_by_fund(-left, pool["budget_fen"], tie, told)
        over = [Fraction(max(0, recorded[name] - due[name])) for name in due]
        parts = largest_remainder(-left - share, over)
        return {n: [due[n], 0, part, recorded[n] - part] for n, part in zip(due, parts, strict=True)}, 0, share
    kept = _kept(left, pool["budget_fen"], factor, told)
    members = [Fraction(due[each["institution_id"]] * each["member"]) for each in inside]
    parts = largest_remainder(kept, members) if kept else [0] * len(due)
    return {n: [due[n], part, 0, recorded[n] + part] for n, part in zip(due, parts, strict=True)}, left - kept, 0


def _reserve(pool: Row, told: Row) -> int:
    share = fraction(told["reserved_share"])
    return largest_remainder(pool["budget_fen"], [share, 1 - share])[0]


def _apart(inside: list[Row], due: dict[str, int], recorded: dict[str, int], pool: Row, told: Row) -> Settled:
    tie, factor = _factors(pool, told)
    lines, kept_by_fund, borne_by_fund = {}, 0, 0
    for name, fen in due.items():
        left = fen - recorded[name]
        if left >= 0:
            kept = _kept(left, fen, factor, told)
            lines[name], kept_by_fund = [fen, kept, 0, recorded[name] + kept], kept_by_fund + left - kept
        else:
            share = _borne_by_fund(-left, fen, tie, told)
            lines[name], borne_by_fund = [fen, 0, -left - share, fen + share], borne_by_fund + share
    return lines, kept_by_fund, borne_by_fund


def distribution(asked: Row) -> Row:
    members = asked["members"]
    weights = [fraction(each["weight"]) * fraction(each.get("score", 100)) for each in members]
    names = [each["institution_id"] for each in members]
    if asked["total_fen"] < 0 or len(set(names)) < len(names) or min(weights, default=-1) < 0 or not sum(weights):
        raise Refused
    share = fraction(asked["reserved_share"])
    reserved, rest = largest_remainder(asked["total_fen"], [share, 1 - share])
    return {"reserved_fen": reserved, "shares": dict(zip(names, largest_remainder(rest, weights), strict=True))}


def dip(asked: Row) -> Row:
    return {"build": dip_build, "score": dip_score, "coefficient": dip_coefficient}[asked["task"]](asked)


SUITES: dict[str, Callable[[Row], Row]] = {
    "grouping": grouping, "dip": dip, "points": points,
    "deductible": deductible, "clearing": clearing, "distribution": distribution,
}  # fmt: skip
