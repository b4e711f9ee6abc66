"""A package of services as its rule says (`contract.package.<code>`): items, how often, by whom, what they cost.

One row of the rule's table an item.  price: yuan each time; insurance, public_health, self: the parts in which the
three sources share it; evidence: which records prove that it was done (`decisions.evidence`), null where nothing is
to be done (a fee), "entry" where only a team's own entry proves it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from yigongti.kernel.errors import PolicyError, Refusal
from yigongti.kernel.money import allocate, fen
from yigongti.kernel.rules import RuleBook, RuleVersion

PREFIX = "contract.package."
SUITS = "contract.package_suits"
SOURCES = ("insurance", "public_health", "self")
"""Where the money comes from, in the order of a statement."""
SOURCE_LABELS = {"insurance": "医保基金", "public_health": "基本公共卫生经费", "self": "个人"}
DUTIES = {
    "leader": "团队长(家庭医生)", "doctor": "医师", "nurse": "护士", "public_health": "公卫人员", "pharmacist": "药师",
    "health_manager": "健康管理师", "village_doctor": "乡村医生", "specialist": "上级医院专科医师",
}  # fmt: skip
"""A person's part in a team, and so who performs an item."""


@dataclass(frozen=True)
class Item:
    """One service of a package.  times: a year; price_fen: each time; shares: parts of SOURCES."""

    code: str
    name: str
    by: str
    times: int
    price_fen: int
    shares: tuple[Fraction, ...]
    evidence: str

    @property
    def yearly_fen(self) -> int:
        return self.price_fen * self.times

    @property
    def is_done(self) -> bool:
        """Whether it is something to be done, not only paid."""
        return bool(self.evidence)


@dataclass(frozen=True)
class Package:
    """A package on a day.  version: the rule's version that says so."""

    code: str
    name: str
    items: tuple[Item, ...]
    version: RuleVersion

    @property
    def price_fen(self) -> int:
        """What a year costs."""
        return sum(item.yearly_fen for item in self.items)

    @property
    def sources(self) -> Mapping[str, int]:
        """Source → fen of a year; they sum to the price."""
        return dict(zip(SOURCES, map(sum, zip(*map(_split, self.items), strict=True)), strict=True))

    @property
    def is_paid(self) -> bool:
        """Whether the resident pays a part of it."""
        return self.sources["self"] > 0


def package_of(version: RuleVersion) -> Package:
    """The package that a version of its rule describes.  Raises PolicyError where a row does not."""
    code = version.rule_id.removeprefix(PREFIX)
    return Package(
        code, version.label, tuple(_item(version, name, row) for name, row in version.table.items()), version
    )


def packages(book: RuleBook, *, on: date) -> dict[str, Package]:
    """Every package that is offered on a day, by code; the cheapest first."""
    rules = book.on(on)
    found = [package_of(rules[rule_id]) for rule_id in book.rules if rule_id.startswith(PREFIX) and rule_id in rules]
    return {package.code: package for package in sorted(found, key=lambda each: (each.price_fen, each.code))}


def package(book: RuleBook, code: str, *, on: date) -> Package:
    """One package as it is on a day.  Raises Refusal where it is not offered then."""
    found = packages(book, on=on).get(code)
    if found is None:
        raise Refusal(f"没有服务包“{code}”", where=f"{on}", why="服务包须在规则中载明", remedy="请从服务包列表中选择")
    return found


def suited(key_groups: Sequence[str], version: RuleVersion) -> list[str]:
    """The codes of the packages that suit a person, by the groups they belong to (rule contract.package_suits)."""
    return list(dict.fromkeys(code for group in key_groups if (code := version.codes.group_of(group))))


def _item(version: RuleVersion, code: str, row: Mapping[str, object]) -> Item:
    try:
        item = Item(
            code=code, name=str(row["name"]), by=str(row["by"]), times=int(str(row["times"])),
            price_fen=fen(str(row["price"])), shares=tuple(Fraction(str(row[source])) for source in SOURCES),
            evidence=str(row["evidence"] or ""),
        )  # fmt: skip
    except (KeyError, ValueError, ArithmeticError) as error:
        raise _faulty(version, code, f"{error}") from error
    if item.by not in DUTIES or item.times < 1 or min(item.shares) < 0 or sum(item.shares) == 0:
        raise _faulty(version, code, "职责、次数或分担份额不对")
    return item


def _faulty(version: RuleVersion, code: str, why: str) -> PolicyError:
    return PolicyError(
        f"服务包“{version.label}”的项目“{code}”写得不对", where=f"{version.rule_id}({version.key})", why=why,
        remedy=f"每行须有 name、by({'、'.join(DUTIES)})、times、price、{'、'.join(SOURCES)}、evidence",
    )  # fmt: skip


def _split(item: Item) -> list[int]:
    return allocate(item.yearly_fen, item.shares)
