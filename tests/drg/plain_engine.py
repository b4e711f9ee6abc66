"""The scheme format read aloud: one case at a time, in plain Python, with no thought for speed.

The yardstick for the vectorised engine: tests compare the two on generated schemes and cases, and the benchmark
divides by it.  It shares no code with the product.
"""

import operator
from collections.abc import Iterator
from typing import Any

COMPARE = {
    "<": operator.lt, "<=": operator.le, "==": operator.eq, "!=": operator.ne, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip
UNGROUPED = "0000"


class PlainEngine:
    """Groups one case (a dict) by one scheme (the parsed JSON)."""

    def __init__(self, scheme: dict[str, Any]) -> None:
        self.scheme = scheme
        self.lists = {name: set(codes) for name, codes in scheme["lists"].items()}
        self.prefixes = dict(scheme.get("prefixes", {}).items())

    def drg(self, case: dict[str, Any]) -> str:
        """The group's code, `xQY` where ambiguous, `0000` where there is none."""
        procedures = case["procedures"] or []
        attempts = [procedures]
        if self.scheme["retry_other_procedures"]:
            attempts += [[other] for other in procedures[1:] if other]
        if not case["dx"] or not case["dx"][0]:
            return UNGROUPED
        for attempt in attempts:
            found = self._try_mdcs({**case, "procedures": attempt})
            if found is not None:
                return found
        return UNGROUPED

    def _try_mdcs(self, case: dict[str, Any]) -> str | None:
        for mdc in self.scheme["mdcs"]:
            if self.holds(mdc["when"], case):
                for found in self._steps(mdc["steps"], case):
                    return found
        return None

    def _steps(self, steps: list[dict[str, Any]], case: dict[str, Any]) -> Iterator[str]:
        for step in steps:
            ending = step.get("ambiguous") or step.get("ungrouped")
            if ending:
                if self.holds(step["when"], case):
                    yield ending
                continue
            adrg = self.scheme["adrgs"][step["adrg"]]
            if not self.holds(adrg["when"], case):
                continue
            for drg in adrg["drgs"]:
                if self.holds(drg["when"], case):
                    yield drg["drg"]
            if adrg["else"] is not None:
                yield adrg["else"]

    def holds(self, condition: Any, case: dict[str, Any]) -> bool:
        """Whether the condition is true of the case."""
        if isinstance(condition, bool):
            return condition
        ((key, value),) = condition.items()
        return bool(getattr(self, f"_{key}")(value, case))

    def _all(self, parts: list[Any], case: dict[str, Any]) -> bool:
        return all(self.holds(part, case) for part in parts)

    def _any(self, parts: list[Any], case: dict[str, Any]) -> bool:
        return any(self.holds(part, case) for part in parts)

    def _not(self, part: Any, case: dict[str, Any]) -> bool:
        return not self.holds(part, case)

    def _member(self, code: str | None, which: str | list[str]) -> bool:
        if not code:
            return False
        if isinstance(which, list):
            return code in which
        starts = self.prefixes.get("lists", {}).get(which, [])
        return code in self.lists.get(which, set()) or any(code.startswith(start) for start in starts)

    def _principal_dx_in(self, which: Any, case: dict[str, Any]) -> bool:
        return self._member(case["dx"][0], which)

    def _any_dx_in(self, which: Any, case: dict[str, Any]) -> bool:
        return any(self._member(code, which) for code in case["dx"])

    def _other_dx_in(self, which: Any, case: dict[str, Any]) -> bool:
        return any(self._member(code, which) for code in case["dx"][1:])

    def _main_procedure_in(self, which: Any, case: dict[str, Any]) -> bool:
        return any(self._member(code, which) for code in case["procedures"][:1])

    def _any_procedure_in(self, which: Any, case: dict[str, Any]) -> bool:
        return any(self._member(code, which) for code in case["procedures"])

    def _other_procedure_in(self, which: Any, case: dict[str, Any]) -> bool:
        return any(self._member(code, which) for code in case["procedures"][1:])

    def _any_dx_in_at_least(self, wanted: Any, case: dict[str, Any]) -> bool:
        least, lists = wanted
        return sum(self._any_dx_in(which, case) for which in _distinct(lists)) >= least

    def _any_procedure_in_at_least(self, wanted: Any, case: dict[str, Any]) -> bool:
        least, lists = wanted
        return sum(self._any_procedure_in(which, case) for which in _distinct(lists)) >= least

    def _no_procedure(self, wanted: bool, case: dict[str, Any]) -> bool:
        return (not any(case["procedures"])) == wanted

    def _compare(self, column: str, wanted: Any, case: dict[str, Any]) -> bool:
        symbol, number = wanted
        value = case.get(column)
        return value is not None and COMPARE[symbol](value, number)

    def _age_years(self, wanted: Any, case: dict[str, Any]) -> bool:
        return self._compare("age_years", wanted, case)

    def _age_days(self, wanted: Any, case: dict[str, Any]) -> bool:
        return self._compare("age_days", wanted, case)

    def _days_in_hospital(self, wanted: Any, case: dict[str, Any]) -> bool:
        return self._compare("days_in_hospital", wanted, case)

    def _birth_weight_g(self, wanted: Any, case: dict[str, Any]) -> bool:
        return bool(case.get("birth_weight_g")) and self._compare("birth_weight_g", wanted, case)

    def _sex(self, wanted: str, case: dict[str, Any]) -> bool:
        return case.get("sex") == wanted

    def _department(self, wanted: str, case: dict[str, Any]) -> bool:
        return case.get("department") == wanted

    def _discharge_way_in(self, wanted: list[str], case: dict[str, Any]) -> bool:
        return case.get("discharge_way") in wanted

    def _has(self, table: str, case: dict[str, Any]) -> bool:
        voids = self._entry("exclusion_of_principal", case["dx"][0])
        voids = voids if isinstance(voids, list) else [voids]
        found = [self._entry(table, code) for code in case["dx"][1:] if code]
        return any(exclusion is not None and exclusion not in voids for exclusion in found)

    def _entry(self, table: str, code: str) -> Any:
        """The table's entry for a code: its own, or that of the longest prefix it starts with."""
        if code in self.scheme[table]:
            return self.scheme[table][code]
        by_prefix = self.prefixes.get(table, {})
        matching = [start for start in by_prefix if code.startswith(start)]
        return by_prefix[max(matching, key=len)] if matching else None


def _distinct(lists: list[Any]) -> list[Any]:
    return [which for place, which in enumerate(lists) if which not in lists[:place]]
