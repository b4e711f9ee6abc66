"""Who may be sent from where to where: never to oneself, to a closed house, against the direction, or after death."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from yigongti.kernel.decisions import ALLOWED, Decision, Reason, because
from yigongti.kernel.rules import RuleVersion

TIER = "referral.tier"


@dataclass(frozen=True)
class Party:
    """An institution as far as referral asks: closed_on: since when it is shut; kind "" where nobody has said."""

    institution_id: str
    name: str
    kind: str
    in_county: bool
    closed_on: date | None = None

    def is_closed(self, on: date) -> bool:
        return self.closed_on is not None and self.closed_on <= on


def may_refer(
    direction: str, *, sender: Party, receiver: Party, died_on: date | None, on: date, rules: Mapping[str, RuleVersion]
) -> Decision:
    """Whether a referral of this direction is possible between the two on a day; every reason against it otherwise.

    Source: functions of the levels, YN-5; the levels themselves are the rule `referral.tier`.
    """
    found = tuple(_against(direction, sender, receiver, died_on, on, rules[TIER]))
    return Decision("refuse", found) if found else ALLOWED


def direction_between(sender: Party, receiver: Party, *, tiers: RuleVersion) -> str:
    """Which direction a way from one to the other is; "" where none of them receives patients, or it is no way."""
    if sender.institution_id == receiver.institution_id:
        return ""
    if not receiver.in_county:
        return "out"
    below, above = (tiers.table.get(party.kind) for party in (sender, receiver))
    if not isinstance(below, int) or not isinstance(above, int):
        return ""
    return "up" if below < above else "down" if below > above else "lateral"


def _against(
    direction: str, sender: Party, receiver: Party, died_on: date | None, on: date, tiers: RuleVersion
) -> Iterator[Reason]:
    if died_on is not None and died_on <= on:
        yield because(tiers, f"该居民已于 {died_on} 死亡,不能转诊")
    if sender.institution_id == receiver.institution_id:
        yield because(tiers, f"不能转诊到本机构({receiver.name})")
        return
    for party, part in ((sender, "转出"), (receiver, "转入")):
        if party.is_closed(on):
            yield because(tiers, f"{part}机构{party.name}已于 {party.closed_on} 停业")
    yield from _against_direction(direction, sender, receiver, tiers)


def _against_direction(direction: str, sender: Party, receiver: Party, tiers: RuleVersion) -> Iterator[Reason]:
    if direction == "out":
        if receiver.in_county:
            yield because(tiers, f"{receiver.name}在县域内,不必办理县外转诊,请用上转")
        return
    if not receiver.in_county:
        yield because(tiers, f"{receiver.name}在县域外,请办理县外转诊备案")
        return
    way = direction_between(sender, receiver, tiers=tiers)
    if not way:
        stranger = receiver if sender.kind in tiers.table else sender
        yield because(tiers, f"{stranger.name}不是收治转诊病人的机构")
    elif way != direction:
        yield because(tiers, f"从{sender.name}到{receiver.name}不是{_SAID[direction]}")


_SAID = {
    "up": "上转(转入机构应处于更高层级)",
    "down": "下转(转入机构应处于更低层级)",
    "lateral": "平转(两家应处于同一层级)",
}
