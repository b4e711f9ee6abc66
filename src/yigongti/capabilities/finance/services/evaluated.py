"""What the frozen annual evaluation does to a member's part (YN-16): nothing is shared by results not yet frozen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from yigongti.capabilities.measure.api.evaluations import FrozenEvaluation, frozen_evaluation
from yigongti.kernel.errors import Refusal
from yigongti.kernel.periods import Period
from yigongti.kernel.rules import RuleVersion

BANDS = "finance.distribution.score_bands"


@dataclass(frozen=True)
class Evaluated:
    """The frozen evaluation of the year and the bands by which it counts; without one, every coefficient is 1."""

    evaluation: FrozenEvaluation | None
    bands: RuleVersion
    consortium_id: str

    @property
    def run_id(self) -> str:
        return self.evaluation.run_id if self.evaluation else ""

    def coefficients(self, members: Iterable[str]) -> Mapping[str, Fraction]:
        """Member → coefficient: by its own verdict, else by its consortium's."""
        return {member: self._coefficient(member) for member in members}

    def _coefficient(self, member: str) -> Fraction:
        if self.evaluation is None:
            return Fraction(1)
        whole = self.evaluation.by_consortium.get(self.consortium_id)
        verdict = self.evaluation.by_institution.get(member) or whole
        if verdict is None or not verdict.judged:
            raise Refusal(
                f"{member} 在年度评价里没有一项可判定的目标",
                "年度评价",
                "分配按固化的评价结果打折,不能凭空给系数",
                "补齐数据后重做并固化年度评价",
            )
        return Fraction(str(self.bands.band(verdict.met / verdict.judged).value))


def evaluated(period: Period, *, consortium_id: str, bands: RuleVersion) -> Evaluated:
    """The frozen evaluation of the period's year.  Raises Refusal where it is not frozen yet."""
    found = frozen_evaluation(period.start.year)
    if found is None:
        raise Refusal(
            f"{period.start.year} 年的年度评价还没有固化",
            "年度评价",
            "利益分配以固化的评价为依据(云南省十七条第十六条:结果运用)",
            f"请先运行 yigongti evaluate --kind annual --period {period.start.year} --freeze",
        )
    return Evaluated(found, bands, consortium_id)


def unevaluated(*, consortium_id: str, bands: RuleVersion) -> Evaluated:
    """For what does not depend on an evaluation: costs are shared by use alone."""
    return Evaluated(None, bands, consortium_id)
