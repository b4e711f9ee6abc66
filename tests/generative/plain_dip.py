"""DIP in plain Python, case by case: what the vectorised engine is compared with, and what the benchmark divides by."""

from collections import Counter, defaultdict
from fractions import Fraction

ORDER = ["conservative", "diagnostic", "therapeutic", "surgery"]


def number(rules, name):
    return Fraction(str(rules[f"payment.dip.{name}"].exact))


class PlainDip:
    """A catalogue from rows of stays of one year, and its groups, scores and deviations."""

    def __init__(self, rows, rules):
        self.rules = rules
        self.threshold = number(rules, "case_threshold")
        counted = [row for row in rows if row["dx"] and row["total_fen"] > 0]
        self.core = {}
        self._choose(counted)
        costs = defaultdict(list)
        for row in counted:
            costs[self.group(row)].append(row["total_fen"])
        self.means = {group: Fraction(sum(found), len(found)) for group, found in costs.items()}
        self.overall = Fraction(sum(map(sum, costs.values())), len(counted))

    def _choose(self, counted):
        exact = Counter((self.dx(row), frozenset(self.procedures(row))) for row in counted)
        self.core = {key: count for key, count in exact.items() if count >= self.threshold}
        rest = [row for row in counted if not self.core_group(row) and self.procedures(row)]
        mains = Counter((self.dx(row), frozenset(self.procedures(row)[:1])) for row in rest)
        self.core |= {key: count for key, count in mains.items() if count >= self.threshold}
        rest = [row for row in counted if not self.core_group(row)]
        self.composite = set()
        for length in (3, 2, 1, 0):
            gathered = Counter((self.dx(row)[:length], self.treatment(row)) for row in rest)
            enough = {key for key, count in gathered.items() if count >= (self.threshold if length else 1)}
            self.composite |= enough
            rest = [row for row in rest if (self.dx(row)[:length], self.treatment(row)) not in enough]

    def dx(self, row):
        return row["dx"][0].upper()[:5]

    def procedures(self, row):
        return list(dict.fromkeys(code[:5] for code in row["procedures"]))

    def kind(self, procedure):
        return self.rules["payment.dip.procedure_kinds"].codes.group_of(procedure) or "surgery"

    def treatment(self, row):
        kinds = [self.kind(code) for code in self.procedures(row)]
        highest = max(kinds, key=ORDER.index, default="conservative")
        level = str(row["operation_level"] or 0)
        return self.rules["payment.dip.surgery_levels"].table[level] if highest == "surgery" else highest

    def core_group(self, row):
        own = self.procedures(row)
        if not own:
            return self.name(self.dx(row), frozenset()) if (self.dx(row), frozenset()) in self.core else None
        fitting = [key for key in self.core if key[0] == self.dx(row) and key[1] and key[1] <= set(own)]

        def weight(key):
            rank = max(ORDER.index(self.kind(code)) for code in key[1])
            return -rank, -len(key[1]), own[0] not in key[1], -self.core[key], self.name(*key)

        return self.name(*min(fitting, key=weight)) if fitting else None

    def name(self, dx, procedures):
        return f"{dx}:{'+'.join(sorted(procedures))}" if procedures else dx

    def group(self, row):
        if not row["dx"] or row["total_fen"] <= 0:
            return None
        if found := self.core_group(row):
            return found
        circles = [(self.dx(row)[:length], self.treatment(row)) for length in (3, 2, 1, 0)]
        found = next((key for key in circles if key in self.composite), None)
        return f"{found[0] or '*'}~{found[1]}" if found else None

    def score(self, group):
        return self.means[group] / self.overall * number(self.rules, "score_scale")

    def deviated(self, row):
        """The adjusted score of a case far from its group's mean; None where it is near."""
        group = self.group(row)
        times = Fraction(row["total_fen"]) / self.means[group]
        if times <= number(self.rules, "low_deviation"):
            return self.score(group) * times
        if times >= number(self.rules, "high_deviation"):
            return self.score(group) * (times - number(self.rules, "high_deviation") + 1)
        return None
