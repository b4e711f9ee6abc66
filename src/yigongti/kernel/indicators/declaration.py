"""What an indicator is, and what is wrong with a declaration."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from yigongti.kernel.indicators.amounts import Amount, Tally, parameters, parts, tallies
from yigongti.kernel.indicators.groups import GROUPS
from yigongti.kernel.rules.units import UNITS

Better = Literal["higher", "lower", "within"]
OnRuleChange = Literal["split", "refuse"]
Kind = Literal["quantitative", "qualitative"]

DIMENSIONS: Mapping[str, tuple[str, str]] = {
    "governance": ("紧密型治理", "Governance"),
    "flow": ("就医格局", "Where people are treated"),
    "fund": ("医保基金", "Insurance fund"),
    "cost": ("费用", "Cost"),
    "quality": ("质量与效率", "Quality and efficiency"),
    "contract": ("家庭医生签约", "Family-doctor contracts"),
    "referral": ("双向转诊", "Referral"),
    "diagnosis": ("资源共享", "Shared diagnosis"),
    "chronic": ("慢病与重点人群", "Chronic disease and key groups"),
    "pharmacy": ("药事", "Pharmacy"),
    "tcm": ("中医药", "Traditional Chinese medicine"),
    "workforce": ("人员", "Workforce"),
    "planning": ("资源配置", "Resources"),
    "finance": ("财务运行", "Finance"),
    "surveillance": ("疾病监测", "Surveillance"),
}
"""Dimension → Chinese and English label, in the order of a report."""


@dataclass(frozen=True)
class Proof:
    """Rows without which a number would mislead: where the tally finds none, the value is null and `why` says so.

    scope "county": looked for in the whole county (each month, when by month); "group": in each group.
    """

    why: str
    rows: Tally
    scope: Literal["county", "group"] = "county"


@dataclass(frozen=True)
class Indicator:
    """One number with one definition.

    value: numerator ÷ denominator unless given (a growth, a probability); denominator None: the numerator itself.
    unit: of the value, one of the rules' units (a ratio is a fraction).  group_by: what it can be broken down by.
    target: rule id, "" where there is none.  source: the clause it comes from, “document clause”.
    on_rule_change: a rule that changes inside the period cuts it in two rows (split) or leaves it null (refuse).
    serves: ids of the requirements it answers.
    """

    id: str
    label: str
    label_en: str
    definition: str
    definition_en: str
    dimension: str
    unit: str
    better: Better
    numerator: Amount
    denominator: Amount | None
    group_by: tuple[str, ...]
    source: str
    target: str = ""
    value: Amount | None = None
    proofs: tuple[Proof, ...] = ()
    on_rule_change: OnRuleChange = "split"
    kind: Kind = "quantitative"
    serves: tuple[str, ...] = ()

    @property
    def formula(self) -> Amount:
        """The amount that gives the value."""
        if self.value is not None:
            return self.value
        return self.numerator if self.denominator is None else self.numerator / self.denominator

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """Numerator, denominator and formula."""
        return tuple(each for each in (self.numerator, self.denominator, self.value) if each is not None)

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """Every tally it rests on, those of its proofs included, each once."""
        return tuple(dict.fromkeys((*tallies(*self.amounts), *(proof.rows for proof in self.proofs))))

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of the rules whose values enter the number (the target is not one of them)."""
        of_rows = (rule_id for tally in self.tallies for rule_id in tally.rows.rules)
        return tuple(dict.fromkeys((*parameters(*self.amounts), *of_rows)))

    @property
    def needs(self) -> tuple[str, ...]:
        """Names of the fact tables without whose rows it has no value."""
        return tuple(dict.fromkeys(table.name for tally in self.tallies for table in tally.rows.needs))

    @property
    def reads(self) -> tuple[str, ...]:
        """Names of every fact table it looks into: those it needs, and those that may be empty."""
        besides = (table.name for tally in self.tallies for table in tally.rows.reads)
        return tuple(dict.fromkeys((*self.needs, *besides)))


def problems(indicator: Indicator) -> list[str]:
    """What is wrong with a declaration, in English for its author; empty when nothing is."""
    return list(dict.fromkeys(f"{indicator.id}: {text}" for text in _problems(indicator)))


def catalogue(indicators: Iterable[Indicator]) -> dict[str, Indicator]:
    """Indicators by id, in the order given.  Raises ValueError on a faulty declaration or an id given twice."""
    found: dict[str, Indicator] = {}
    faults = []
    for indicator in indicators:
        faults += problems(indicator)
        if indicator.id in found:
            faults.append(f"{indicator.id}: declared twice")
        found[indicator.id] = indicator
    if faults:
        raise ValueError("; ".join(faults))
    return found


def _problems(indicator: Indicator) -> Iterator[str]:
    yield from _empty_texts(indicator)
    if indicator.unit not in UNITS:
        yield f"unit {indicator.unit!r} is not in the list of units"
    if indicator.dimension not in DIMENSIONS:
        yield f"dimension {indicator.dimension!r} is not in the list of dimensions"
    if not tallies(indicator.numerator):
        yield "the numerator counts nothing"
    if indicator.denominator is not None and not list(parts(indicator.denominator)):
        yield "the denominator counts nothing"
    if indicator.target and indicator.target != f"measure.target.{indicator.id}":
        yield f"target {indicator.target!r} should be measure.target.{indicator.id}"
    yield from _wrong_groups(indicator)


def _empty_texts(indicator: Indicator) -> Iterator[str]:
    for name in ("label", "label_en", "definition", "definition_en", "source"):
        if not getattr(indicator, name).strip():
            yield f"{name} is empty"


def _wrong_groups(indicator: Indicator) -> Iterator[str]:
    for group in indicator.group_by:
        if group not in GROUPS:
            yield f"group {group!r} is not in the list of groups"
    for tally in tallies(*indicator.amounts):
        lacking = [group for group in indicator.group_by if group not in tally.rows.groups]
        if lacking:
            yield f"{tally.rows.relation.name} cannot be grouped by {', '.join(lacking)}"
