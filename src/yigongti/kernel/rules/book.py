"""The book of rules of one county: its packs composed, every lookup dated, nothing defaulted in silence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from yigongti.kernel.errors import PolicyError
from yigongti.kernel.periods import Period
from yigongti.kernel.rules.model import LEVELS, Document, Pack, Rule, RuleVersion
from yigongti.kernel.rules.reading import NATIONAL, OWN, Shelf, folder_of, read_pack, read_rules
from yigongti.kernel.rules.values import read_value

DEFAULT_POLICY = Path(__file__).resolve().parents[2] / "policy"
"""The policy data that ships with the product."""


class UnknownRule(PolicyError):
    """A rule id that none of the county's packs has."""


class OutsideDates(PolicyError):
    """A day on which none of a rule's versions was in force, or not yet known."""


@dataclass(frozen=True)
class Rules(Mapping[str, RuleVersion]):
    """The rules as they stand on one day: `rules[rule_id]` → the version in force."""

    book: "RuleBook"
    day: date
    known_on: date | None = None

    def __getitem__(self, rule_id: str) -> RuleVersion:
        return self.book.find(rule_id, on=self.day, known_on=self.known_on)

    def __contains__(self, rule_id: object) -> bool:
        rule = self.book.rules.get(rule_id) if isinstance(rule_id, str) else None
        return rule is not None and rule.in_force(on=self.day, known_on=self.known_on) is not None

    def __iter__(self) -> Iterator[str]:
        return (rule_id for rule_id in self.book.rules if rule_id in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True, eq=False)
class RuleBook:
    """rules by id; documents by id; packs by id, in the order of lookup: own, county, city, province, nation.

    A book is itself and equal to no other, so that what was worked out from it can be kept under it.
    """

    rules: Mapping[str, Rule]
    documents: Mapping[str, Document]
    packs: Mapping[str, Pack]

    @classmethod
    def load(
        cls, root: Path = DEFAULT_POLICY, packs: Sequence[str] = (NATIONAL,), own: Path | None = None
    ) -> "RuleBook":
        """Compose packs from the policy folder, and the county's own pack folder where it has one.

        Raises PolicyError (what, file and line, why, remedy) on anything missing, malformed or contradictory.
        An `own` folder that does not exist yet counts as empty.
        """
        folders = {name: folder_of(root, name) for name in dict.fromkeys(packs)}
        if own is not None and own.is_dir():
            folders[OWN] = own
        shelf = Shelf.of(root, *(folder for folder in folders.values() if folder != root))
        read = {name: read_pack(folder, name=name, shelf=shelf) for name, folder in folders.items()}
        ordered = sorted(read.values(), key=lambda pack: (pack.id != OWN, LEVELS.index(pack.level)))
        _parents_are_there(ordered)
        rules = compose(rule for pack in ordered for rule in read_rules(folders[pack.id], pack=pack, shelf=shelf))
        _one_pack_a_level(rules, {pack.id: pack for pack in ordered})
        return cls(rules, shelf.documents, {pack.id: pack for pack in ordered})

    def find(self, rule_id: str, on: date, known_on: date | None = None) -> RuleVersion:
        """The version in force on a day, as known on another (default: as known now).

        Raises UnknownRule, or OutsideDates where no version was in force or known: there is no default.
        """
        rule = self._rule(rule_id)
        found = rule.in_force(on=on, known_on=known_on)
        if found is None:
            raise _outside(rule, on, known_on)
        return found

    def on(self, day: date, known_on: date | None = None) -> Rules:
        """The rules as they stand on a day."""
        return Rules(self, day, known_on)

    def within(self, rule_id: str, period: Period, known_on: date | None = None) -> list[RuleVersion]:
        """Every version in force inside a period, in the order of days; more than one means: split or refuse.

        Raises as `find` does where a part of the period has no version.
        """
        return [version for _, version in self.stretches(rule_id, period, known_on)]

    def stretches(self, rule_id: str, period: Period, known_on: date | None = None) -> list[tuple[Period, RuleVersion]]:
        """The period cut where the rule changes, each part with the version in force in it.  Raises as `find` does."""
        rule = self._rule(rule_id)
        starts = {version.effective_from for version in rule.versions}
        ends = {version.effective_to + timedelta(days=1) for version in rule.versions if version.effective_to}
        days = sorted({period.start} | {day for day in starts | ends if period.start < day <= period.end})
        found = [self.find(rule_id, on=day, known_on=known_on) for day in days]
        firsts = [index for index in range(len(days)) if index == 0 or found[index] != found[index - 1]]
        lasts = [*(days[index] - timedelta(days=1) for index in firsts[1:]), period.end]
        return [(Period(days[index], last), found[index]) for index, last in zip(firsts, lasts, strict=True)]

    def with_values(self, values: Mapping[str, object]) -> "RuleBook":
        """The same book with some rules worth something else on every day: a supposition, marked as such.

        values: rule id → value as a rule file would have it (a text such as "85%" will do).
        Raises UnknownRule, or PolicyError where a value does not fit its rule.
        """
        supposed = {rule_id: _supposed(self._rule(rule_id), value) for rule_id, value in values.items()}
        return replace(self, rules={**self.rules, **supposed})

    def switched_on(self, capability: str) -> bool:
        """Whether any of the county's packs switches a capability (such as `payment.dip`) on."""
        return any(capability in pack.capabilities for pack in self.packs.values())

    def citing(self, doc: str) -> list[RuleVersion]:
        """Every version that comes from a document, by rule id."""
        return [version for rule in self.rules.values() for version in rule.versions if version.source.doc == doc]

    def _rule(self, rule_id: str) -> Rule:
        rule = self.rules.get(rule_id)
        if rule is None:
            raise UnknownRule(
                f"没有编号为“{rule_id}”的规则",
                where=f"政策包 {'、'.join(self.packs)}",
                why="程序所用的数值必须来自规则,不设默认值",
                remedy="请核对编号,或在政策包的 rules/ 里添加",
            )
        return rule


def compose(rules: Iterable[Rule]) -> Mapping[str, Rule]:
    """One rule an id, with the layers of all packs in the order given.  Kind and unit must agree."""
    found: dict[str, Rule] = {}
    for rule in rules:
        nearer = found.get(rule.id)
        if nearer is None:
            found[rule.id] = rule
            continue
        if (nearer.kind, nearer.unit) != (rule.kind, rule.unit):
            raise PolicyError(
                f"规则“{rule.id}”在两个政策包里的种类或单位不同:{nearer.kind}/{nearer.unit} 与 {rule.kind}/{rule.unit}",
                where=f"{'、'.join(nearer.layers)} 与 {'、'.join(rule.layers)}",
                remedy="请改成一致,或另起规则编号",
            )
        found[rule.id] = replace(nearer, layers={**nearer.layers, **rule.layers})
    return dict(sorted(found.items()))


def _parents_are_there(packs: Sequence[Pack]) -> None:
    levels = {pack.id: LEVELS.index(pack.level) for pack in packs}
    for pack in packs:
        missing = [parent for parent in pack.parents if parent not in levels]
        if missing:
            raise PolicyError(
                f"政策包“{pack.id}”需要上级政策包“{'、'.join(missing)}”",
                where="yigongti.toml 的 packs",
                why="下级政策包只写与上级不同的部分",
                remedy=f"请在 packs 里加上 {'、'.join(missing)}",
            )
        if any(levels[parent] <= levels[pack.id] for parent in pack.parents):
            raise PolicyError(
                f"政策包“{pack.id}”的上级政策包级别不比它高:{'、'.join(pack.parents)}",
                where=f"{pack.id}/pack.yaml",
                remedy="parents 只写上级(市、省、国家)的政策包",
            )


def _one_pack_a_level(rules: Mapping[str, Rule], packs: Mapping[str, Pack]) -> None:
    for rule in rules.values():
        levels = [packs[name].level for name in rule.layers if name != OWN]
        if len(levels) > len(set(levels)):
            raise PolicyError(
                f"同一级的两个政策包都规定了“{rule.id}”:{'、'.join(rule.layers)}",
                where="yigongti.toml 的 packs",
                why="同级规定互相冲突时不能由程序选择",
                remedy="每一级请只选一个政策包",
            )


def _supposed(rule: Rule, value: object) -> Rule:
    try:
        read = read_value(value, kind=rule.kind, unit=rule.unit)
    except ValueError as error:
        raise PolicyError(
            f"假设值不合规则“{rule.label}”({rule.id}):{error}",
            where=f"{rule.id}={value}",
            remedy="请按规则的种类和单位改写",
        ) from error
    layers = {name: tuple(version.with_value(read) for version in layer) for name, layer in rule.layers.items()}
    return replace(rule, layers=layers)


def _outside(rule: Rule, on: date, known_on: date | None) -> OutsideDates:
    dates = [
        f"{version.effective_from} 起{f'至 {version.effective_to}' if version.effective_to else ''}"
        f"(登记于 {version.recorded_on},{version.pack})"
        for version in rule.versions
    ]
    as_known = f"(按 {known_on} 时所知)" if known_on else ""
    return OutsideDates(
        f"规则“{rule.label}”({rule.id})在 {on} 没有有效取值{as_known}",
        where=f"现有:{';'.join(dates)}",
        why="规则只在其有效期内使用,不设默认值",
        remedy="请补充该日期的取值与出处,或改用有效期内的日期",
    )
