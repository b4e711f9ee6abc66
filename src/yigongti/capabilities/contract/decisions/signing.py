"""Whether a contract may be signed: a living resident of the county, one valid contract a person, a team with room.

may_sign(offer, person=…, others=…, rules=county_rules().on(day)) -> Decision with every reason that refuses
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from yigongti.kernel.decisions import ALLOWED, Decision, Reason, because, refuse
from yigongti.kernel.rules import Rules

ONE, LIMIT, TERM = "contract.valid_per_person", "contract.residents_per_family_doctor", "contract.term"
COMBINATION, RENEW_FROM = "contract.combination_size", "contract.renew_from"
RESIDENTS, BACKDATED, AHEAD = "contract.residents_only", "contract.backdated_at_most", "contract.ahead_at_most"


@dataclass(frozen=True)
class Person:
    """died_on: None for the living; lives_here: False for somebody whose home is known and outside the county."""

    died_on: date | None
    lives_here: bool = True


@dataclass(frozen=True)
class Held:
    """A contract that the person has or has agreed to, here or in a file; where: with whom, for people."""

    start_on: date
    end_on: date
    where: str


@dataclass(frozen=True)
class Offer:
    """What is to be signed.

    doctors: family doctors in the team; people: residents it has already, with those who have agreed; is_open: the
    team works on that day; institutions: how many a combination names, the team's own included.
    """

    start_on: date
    end_on: date
    years: int
    doctors: int
    people: int
    is_open: bool = True
    institutions: int = 1


def may_sign(offer: Offer, *, person: Person, others: Sequence[Held], rules: Rules) -> Decision:
    """Allow, or refuse with every reason that counts."""
    checks = (_person(person, rules), _overlaps(offer, others, rules), _team(offer, rules), _terms(offer, rules))
    reasons = tuple(reason for check in checks for reason in check)
    return Decision("refuse", reasons) if reasons else ALLOWED


def may_renew(*, end_on: date, on: date, rules: Rules) -> Decision:
    """Whether it is time to renew: not earlier than the rule says before the end."""
    version = rules[RENEW_FROM]
    if (end_on - on).days <= version.days:
        return ALLOWED
    return refuse(f"协议 {end_on} 到期,到期前 {version.text}内才能续签", by=version)


def may_start(*, start_on: date, on: date, rules: Rules) -> Decision:
    """Whether a contract proposed on a day may hold from another: not from too long ago, nor from too far ahead."""
    back, ahead = rules[BACKDATED], rules[AHEAD]
    if (on - start_on).days > back.days:
        return refuse(f"开始日期 {start_on} 过早,最多可补签 {back.text}以内的协议", by=back)
    if (start_on - on).days > ahead.days:
        return refuse(f"开始日期 {start_on} 过远,最多可提前 {ahead.text}签约", by=ahead)
    return ALLOWED


def _person(person: Person, rules: Rules) -> Iterator[Reason]:
    residents = rules[RESIDENTS]
    if person.died_on is not None:
        yield because(residents, f"居民已于 {person.died_on} 去世")
    if residents.is_on and not person.lives_here:
        yield because(residents, "居民的住址已不在本县,请由居住地签约")


def _overlaps(offer: Offer, others: Sequence[Held], rules: Rules) -> Iterator[Reason]:
    for held in others:
        if held.start_on <= offer.end_on and offer.start_on <= held.end_on:
            text = f"已有签约:{held.where},{held.start_on} 至 {held.end_on};同一时间每人只能有一份有效签约"
            yield because(rules[ONE], text)


def _team(offer: Offer, rules: Rules) -> Iterator[Reason]:
    limit = rules[LIMIT]
    if not offer.is_open:
        yield because(None, "团队已停止服务,请另选团队")
    if offer.doctors < 1:
        yield because(None, "团队还没有家庭医生,请先补充成员")
    elif offer.people + 1 > limit.number * offer.doctors:
        yield because(limit, f"团队已签约 {offer.people} 人,{offer.doctors} 名家庭医生每人最多 {limit.number:g} 人")


def _terms(offer: Offer, rules: Rules) -> Iterator[Reason]:
    term, size = rules[TERM], rules[COMBINATION]
    if not term.covers(offer.years):
        yield because(term, f"协议期 {offer.years} 年,规定为 {term.text}")
    if offer.institutions > size.number:
        yield because(size, f"组合有 {offer.institutions} 家机构,最多 {size.number:g} 家")
