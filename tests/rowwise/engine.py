"""An indicator over plain rows: group → (numerator, denominator, value, why there is none)."""

import math

from rowwise import chronic, encounters, institutions, people, services
from rowwise.cells import Row
from rowwise.world import World, day_of, earlier
from yigongti.kernel.indicators import HOME, Combined, Parameter, Tally

RELATIONS = {
    **encounters.RELATIONS, **people.RELATIONS, **chronic.RELATIONS, **services.RELATIONS, **institutions.RELATIONS,
}  # fmt: skip
NAN = math.nan


def evaluate(indicator, *, tables, period, book, by):
    """The indicator for every group that has any of its rows (one group, (), when nothing is grouped)."""
    lacking = [group for group in by if group not in indicator.group_by]
    if lacking:
        return {(None,) * len(by): (NAN, NAN, NAN, f"group_not_supported:{','.join(lacking)}")}
    rules = {rule_id: book.find(rule_id, on=period.start) for rule_id in indicator.rules}
    world = World(tables, period.start, period.end, by, rules)
    counted = {tally: tallied(tally, world) for tally in indicator.tallies}
    proofs = {proof.rows for proof in indicator.proofs if proof.scope == "county"}
    keys = {
        key for tally, groups in counted.items() if tally not in proofs for key, found in groups.items() if found[1]
    }
    if not by:
        keys = {()}
    if not keys:
        return {(None,) * len(by): (NAN, NAN, NAN, missing(indicator, world, None) or "no_denominator")}
    return {key: answer(indicator, world, counted, key) for key in keys}


def answer(indicator, world, counted, key):
    numbers = {tally: groups.get(key, (0, False))[0] for tally, groups in counted.items()}
    numerator, denominator, value = (
        NAN if amount is None else worked_out(amount, numbers, world.rules)
        for amount in (indicator.numerator, indicator.denominator, indicator.formula)
    )
    month = key[world.by.index("month")] if world.monthly else None
    why = missing(indicator, world, month)
    for proof in indicator.proofs:
        why = why or ("" if proven(proof, counted[proof.rows], world, key, month) else proof.why)
    empty = indicator.denominator is not None and (math.isnan(denominator) or denominator == 0)
    why = why or ("no_denominator" if empty or math.isnan(value) else "")
    if why.startswith("missing_fact"):
        numerator = denominator = NAN
    return numerator, denominator, NAN if why else value, why


def tallied(tally, world):
    """Group → (number, whether it rests on any row)."""
    there = world if tally.era == "now" else world.a_year_before()
    groups = {}
    for row in there.rows_of(tally.rows.relation.name, RELATIONS):
        if all(passes(condition, row, world.rules) for condition in tally.rows.conditions):
            key = key_of(row, tally, there)
            groups.setdefault(key, []).append(row[tally.of] if tally.of else True)
    return {key: summary(tally.how, values) for key, values in groups.items()}


def passes(condition, row, rules):
    return condition.test(Row(row), *(rules[rule_id] for rule_id in condition.rules)).value is True


def key_of(row, tally, world):
    seat = tally.rows.seat
    if seat == HOME:
        groups = world.groups_of_home(row["resident_id"])
    elif seat:
        groups = world.groups_of_institution(row[seat])
    else:
        groups = row["groups"]
    groups = {**groups, "month": reported(row.get("month"), tally.era)}
    return tuple(groups[group] for group in world.by)


def reported(month, era):
    return month and (month if era == "now" else f"{int(month[:4]) + 1}{month[4:]}")


def summary(how, values):
    known = [value for value in values if value is not None]
    if how == "count":
        return len(values), len(values) > 0
    if how == "distinct":
        return len(set(known)), len(known) > 0
    return sum(known), len(known) > 0


def worked_out(amount, numbers, rules):
    if isinstance(amount, Combined):
        left, right = (worked_out(side, numbers, rules) for side in (amount.left, amount.right))
        if amount.symbol == "/":
            return left / right if right != 0 else NAN
        return {"+": left + right, "-": left - right, "*": left * right}[amount.symbol]
    if isinstance(amount, Tally):
        return numbers[amount]
    return amount.of(rules[amount.rule_id]) if isinstance(amount, Parameter) else amount.number


def missing(indicator, world, month):
    for tally in indicator.tallies:
        for table in tally.rows.needs:
            if not there(table, world, month, tally.era):
                return f"missing_fact:{table.name}" if tally.era == "now" else f"no_year_before:{table.name}"
    return ""


def there(table, world, month, era):
    """Whether a table has any row: of the month or period where its rows have a day, else at all."""
    column = table.month or ("month" if "month" in table.names else "day" if "day" in table.names else "")
    if not column:
        return bool(world[table.name])
    start, end = (world.start, world.end) if era == "now" else (earlier(world.start), earlier(world.end, last=True))
    days = [day for row in world[table.name] if (day := day_of(row[column])) and start <= day <= end]
    return any(month is None or reported(f"{day:%Y-%m}", era) == month for day in days)


def proven(proof, groups, world, key, month):
    if proof.scope == "group":
        return groups.get(key, (0, False))[0] > 0
    place = world.by.index("month") if world.monthly else None
    return sum(number for other, (number, _) in groups.items() if place is None or other[place] == month) > 0
