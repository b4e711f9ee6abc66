"""Traces one case through a scheme: which list, which condition, which complication counted, which was void and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import pyarrow as pa

from yigongti.capabilities.payment.decisions.drg.engine import group
from yigongti.capabilities.payment.decisions.drg.narration import Case, Complication, Narrator
from yigongti.capabilities.payment.decisions.drg.phrases import Language
from yigongti.capabilities.payment.decisions.drg.scheme import UNGROUPED, Adrg, Ending, Mdc, Scheme

CASE_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("sex", pa.string()),
        ("age_years", pa.float64()),
        ("age_days", pa.float64()),
        ("birth_weight_g", pa.float64()),
        ("department", pa.string()),
        ("days_in_hospital", pa.float64()),
        ("discharge_way", pa.string()),
        ("dx", pa.list_(pa.string())),
        ("procedures", pa.list_(pa.string())),
    ]
)
LABELS = {
    "mdc": "进入",
    "adrg": "核心组",
    "ambiguous": "歧义组",
    "ungrouped": "未入组",
    "drg": "细分组",
    "retry": "改试",
}
STATUS_LABELS = {"grouped": "入组", "ambiguous": "歧义", "ungrouped": "未入组", "invalid": "病例不全"}


@dataclass(frozen=True)
class Considered:
    """A choice on the way: an MDC entered, a step or a DRG tried, another procedure tried; whether it was taken."""

    level: Literal["mdc", "adrg", "ambiguous", "ungrouped", "drg", "retry"]
    code: str
    name: str
    taken: bool
    because: str

    def __str__(self) -> str:
        name = f" {self.name}" if self.name else ""
        return f"{'√' if self.taken else '×'} {LABELS[self.level]} {self.code}{name}:{self.because}"


@dataclass(frozen=True)
class Trace:
    """How a case came to its group; unknown_codes are those the scheme names nowhere."""

    id: Any
    mdc: str | None
    adrg: str | None
    drg: str
    status: str
    reason: str | None
    considered: tuple[Considered, ...]
    complications: tuple[Complication, ...]
    unknown_codes: tuple[str, ...]

    def lines(self) -> list[str]:
        """The trace as a coder reads it."""
        result = f"结果 {self.drg}({STATUS_LABELS[self.status]}){':' + self.reason if self.reason else ''}"
        unknown = [f"方案中没有的编码:{'、'.join(self.unknown_codes)}"] if self.unknown_codes else []
        return [*map(str, self.considered), *(one.text for one in self.complications), *unknown, result]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def explain(case: Mapping[str, Any], scheme: Scheme, *, language: Language = "zh") -> Trace:
    """The trace of one case, a mapping with the columns of a case file; language: of its sentences."""
    row = {name: case.get(name) for name in CASE_SCHEMA.names}
    row |= {name: None if row[name] is None else str(row[name]) for name in ("id", "department", "discharge_way")}
    grouped = group(pa.Table.from_pylist([row], CASE_SCHEMA), scheme).to_pylist()[0]
    return next(traces([case], [{**grouped, "id": case.get("id")}], scheme, language=language))


def traces(
    cases: Iterable[Mapping[str, Any]],
    grouped: Iterable[Mapping[str, Any]],
    scheme: Scheme,
    *,
    language: Language = "zh",
) -> Iterator[Trace]:
    """The traces of cases whose groups are known (rows of `group`'s result, in the same order)."""
    narrator = Narrator(scheme, language=language)
    for raw, row in zip(cases, grouped, strict=True):
        case = Case.of(raw)
        way = _Way(narrator)
        way.follow(case)
        yield Trace(
            **{name: row[name] for name in ("id", "mdc", "adrg", "drg", "status", "reason")},
            considered=tuple(way.considered),
            complications=narrator.complications(case),
            unknown_codes=narrator.unknown(case),
        )


class _Way:
    """Follows one case, noting every choice; `drg` is where it ends."""

    def __init__(self, narrator: Narrator) -> None:
        self.narrator, self.scheme = narrator, narrator.scheme
        self.considered: list[Considered] = []
        self.drg = UNGROUPED

    def follow(self, case: Case) -> None:
        if not case.principal or self._through_mdcs(case) or not self.scheme.retry_other_procedures:
            return
        for procedure in filter(None, case.procedures[1:]):
            self.considered.append(Considered("retry", procedure, "", True, self.narrator.phrase("retry")))
            if self._through_mdcs(case.with_only(procedure)):
                return

    def _through_mdcs(self, case: Case) -> bool:
        for mdc in self.scheme.mdcs:
            entry = self.narrator.say(mdc.when, case)
            if entry.holds:
                self.considered.append(Considered("mdc", mdc.code, self._name(mdc.code), True, entry.text))
                if self._through_steps(mdc, case):
                    return True
        return False

    def _through_steps(self, mdc: Mdc, case: Case) -> bool:
        return any(self._step(step, case) for step in mdc.steps)

    def _step(self, step: Adrg | Ending, case: Case) -> bool:
        said = self.narrator.say(step.when, case)
        level = step.status if isinstance(step, Ending) else "adrg"
        self.considered.append(Considered(level, step.code, self._name(step.code), said.holds, said.text))
        if not said.holds:
            return False
        return self._end(step.code) if isinstance(step, Ending) else self._within(step, case)

    def _within(self, adrg: Adrg, case: Case) -> bool:
        for drg in adrg.drgs:
            said = self.narrator.say(drg.when, case)
            self.considered.append(Considered("drg", drg.code, self._name(drg.code), said.holds, said.text))
            if said.holds:
                return self._end(drg.code)
        if adrg.otherwise is None:
            return False
        because = self.narrator.phrase("otherwise")
        self.considered.append(Considered("drg", adrg.otherwise, self._name(adrg.otherwise), True, because))
        return self._end(adrg.otherwise)

    def _end(self, drg: str) -> bool:
        self.drg = drg
        return True

    def _name(self, code: str) -> str:
        return self.scheme.names.get(code, "")
