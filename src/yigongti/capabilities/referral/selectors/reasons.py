"""Reasons of a judgement as a page shows them: the sentence, and the rule by its label."""

from collections.abc import Iterable, Mapping

from yigongti.kernel import clock
from yigongti.kernel.decisions import Reason
from yigongti.spine.county_rules import county_rules


def with_labels(reasons: Iterable[Reason | Mapping[str, str]]) -> list[dict[str, str]]:
    """Each with `rule_id`, `version`, `text` and the rule's `label` ("" where it rests on none)."""
    plain = [dict(each) if isinstance(each, Mapping) else vars(each) for each in reasons]
    rules = county_rules().on(clock.today())
    return [{**each, "label": rules[each["rule_id"]].label if each["rule_id"] in rules else ""} for each in plain]
