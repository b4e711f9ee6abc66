"""Runs cases by an answerer and compares: fen exactly, points and scores to four decimals."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from yigongti.capabilities.payment.services.conformance.suites import Case, Suite
from yigongti.kernel.errors import FileRefused, Refusal

Answerer = Callable[[Mapping[str, Any]], Mapping[str, Any]]
FOUR_PLACES = Decimal("0.0001")


@dataclass(frozen=True)
class Outcome:
    """One case run: what differs (nothing: passed)."""

    suite: str
    id: str
    title: Mapping[str, str]
    differences: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.differences


@dataclass(frozen=True)
class Report:
    """All cases run."""

    outcomes: tuple[Outcome, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if not outcome.passed)

    def suites(self) -> dict[str, tuple[int, int]]:
        """Suite → (passed, all)."""
        names = dict.fromkeys(outcome.suite for outcome in self.outcomes)
        return {name: self._count(name) for name in names}

    def _count(self, suite: str) -> tuple[int, int]:
        own = [outcome for outcome in self.outcomes if outcome.suite == suite]
        return sum(outcome.passed for outcome in own), len(own)

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        suites = {name: {"passed": passed, "cases": every} for name, (passed, every) in self.suites().items()}
        cases = [{**asdict(outcome), "passed": outcome.passed} for outcome in self.outcomes]
        failed = len(self.failed)
        return {
            "cases": len(cases),
            "passed": len(cases) - failed,
            "failed": failed,
            "suites": suites,
            "results": cases,
        }


def run(suites: Iterable[Suite], answerer: Answerer) -> Report:
    """Every case of the suites.  A case that is not answered has failed; FileRefused means there is nobody to ask."""
    return Report(tuple(_outcome(case, answerer) for suite in suites for case in suite.cases))


def _outcome(case: Case, answerer: Answerer) -> Outcome:
    try:
        found = tuple(differences(case.expected, answerer(case.request())))
    except FileRefused:
        raise
    except Refusal as refusal:
        found = (str(refusal),)
    return Outcome(case.suite, case.id, case.title, found)


def differences(expected: Mapping[str, Any], got: Mapping[str, Any]) -> Iterator[str]:
    """What of the expected is not in the result, in sentences; what the result says beyond it does not matter."""
    if expected.get("refused"):
        if not got.get("refused"):
            yield "应当拒绝,却给出了结果"
    elif got.get("refused"):
        yield f"不应拒绝:{got['refused']}"
    else:
        yield from _differences(expected, got, "")


def _differences(expected: Any, got: Any, where: str) -> Iterator[str]:
    if isinstance(expected, Mapping):
        if not isinstance(got, Mapping):
            yield f"{where}:应为对象,得到 {got!r}"
            return
        for key, value in expected.items():
            if key not in got:
                yield f"{where}{key}:没有"
            else:
                yield from _differences(
                    value, got[key], f"{where}{key}." if isinstance(value, Mapping) else where + key
                )
    elif not _same(expected, got):
        yield f"{where}:应为 {expected!r},得到 {got!r}"


def _same(expected: Any, got: Any) -> bool:
    numbers = [_number(value) for value in (expected, got)]
    if None not in numbers:
        return numbers[0] == numbers[1]
    return type(expected) is type(got) and bool(expected == got)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Decimal(value) if isinstance(value, int) else Decimal(str(value)).quantize(FOUR_PLACES)
