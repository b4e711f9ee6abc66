"""The groups beside a case's own: what one code less, another order, or one complication more would make of it.

For a coder who checks whether the record is coded as it is written.  What a further complication would do is told by
its kind alone and never by a code: the page helps to code truly, not dearly.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from yigongti.capabilities.payment.decisions.drg.codes import CodeTable
from yigongti.capabilities.payment.decisions.drg.engine import group
from yigongti.capabilities.payment.decisions.drg.explain import CASE_SCHEMA
from yigongti.capabilities.payment.decisions.drg.scheme import Scheme

Change = Literal["without_dx", "principal", "without_procedure", "main_procedure", "mcc", "cc"]
CHANGE_LABELS: Mapping[Change, str] = {
    "without_dx": "去掉其他诊断", "principal": "改作主要诊断", "without_procedure": "去掉手术",
    "main_procedure": "改作主要手术", "mcc": "再有一个严重并发症(MCC)", "cc": "再有一个并发症(CC)",
}  # fmt: skip

Case = Mapping[str, Any]


@dataclass(frozen=True)
class Neighbour:
    """The case with one change and the group it would have; code: the code that is changed, "" for a kind alone."""

    change: Change
    code: str
    drg: str
    status: str

    @property
    def label(self) -> str:
        return f"{CHANGE_LABELS[self.change]} {self.code}".strip()


def neighbours(case: Case, scheme: Scheme) -> tuple[Neighbour, ...]:
    """Every change of one code and where it leads, the case's own group among them or not.

    case: as a case file has it.  A change that cannot be made (nothing to take away) is not listed.
    """
    changed = [*_without(case), *_reordered(case), *_complicated(case, scheme)]
    if not changed:
        return ()
    rows = [_row(each, number) for number, (_, _, each) in enumerate(changed)]
    grouped = group(pa.Table.from_pylist(rows, CASE_SCHEMA), scheme).to_pylist()
    return tuple(
        Neighbour(change, code, row["drg"], row["status"])
        for (change, code, _), row in zip(changed, grouped, strict=True)
    )


Changed = Iterator[tuple[Change, str, Case]]


def _without(case: Case) -> Changed:
    """One other diagnosis less, one procedure less."""
    dx, procedures = list(case["dx"]), list(case["procedures"])
    for place in range(1, len(dx)):
        yield "without_dx", dx[place], {**case, "dx": dx[:place] + dx[place + 1 :]}
    for place, code in enumerate(procedures):
        yield "without_procedure", code, {**case, "procedures": procedures[:place] + procedures[place + 1 :]}


def _reordered(case: Case) -> Changed:
    """Another diagnosis as the principal one, another procedure as the main one."""
    dx, procedures = list(case["dx"]), list(case["procedures"])
    for place in range(1, len(dx)):
        yield "principal", dx[place], {**case, "dx": _first(dx, place)}
    for place in range(1, len(procedures)):
        yield "main_procedure", procedures[place], {**case, "procedures": _first(procedures, place)}


def _first(codes: list[str], place: int) -> list[str]:
    return [codes[place], *codes[:place], *codes[place + 1 :]]


def _complicated(case: Case, scheme: Scheme) -> Changed:
    """One complication more of either kind, where there is one that the principal diagnosis does not exclude."""
    dx = list(case["dx"])
    if not dx:
        return
    kinds: tuple[tuple[Change, CodeTable[str]], ...] = (("mcc", scheme.mcc), ("cc", scheme.cc))
    for change, table in kinds:
        code = _not_excluded(table, dx[0], scheme)
        if code is not None:
            yield change, "", {**case, "dx": [*dx, code]}


def _not_excluded(table: CodeTable[str], principal: str, scheme: Scheme) -> str | None:
    voided = scheme.exclusions.get(principal) or ()
    entries = [*table.by_code.items(), *table.by_prefix.items()]
    return next((code for code, exclusion in sorted(entries) if exclusion not in voided), None)


def _row(case: Case, number: int) -> dict[str, Any]:
    row = {name: case.get(name) for name in CASE_SCHEMA.names}
    return row | {"id": str(number)}
