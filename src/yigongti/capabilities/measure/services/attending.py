"""What people add to results: acknowledging a warning, assessing a qualitative indicator."""

from datetime import date
from typing import Any

from django.db import transaction

from yigongti.capabilities.measure.facts.tables import GRADES
from yigongti.capabilities.measure.models import Acknowledgement, Assessment, EarlyWarning
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.registry import REGISTRY


@transaction.atomic
def acknowledge(warning: EarlyWarning, *, note: str, by: Any) -> Acknowledgement:
    """Say what is done about a warning; a second note replaces the first.  Raises Refusal without a note."""
    if not note.strip():
        raise Refusal("签收预警须写明处置措施", warning.text, "预警须有人负责处理到底", "请写明谁在何时做什么")
    key = {name: getattr(warning, name) for name in ("indicator", "level", "group", "kind", "period_end")}
    found, _ = Acknowledgement.objects.update_or_create(
        **key, defaults={"note": note.strip()[:500], "by": by, "at": clock.now()}
    )
    return found


@transaction.atomic
def assess(
    consortium_id: str, *, indicator: str, item: str, grade: str, evidence: str, day: date, by: Any
) -> Assessment:
    """Grade one item of a qualitative indicator at a consortium; the same item on the same day is replaced.

    Raises Refusal for another kind of indicator, an unknown grade, a day to come, or no evidence.
    """
    declared = REGISTRY.indicators.get(indicator)
    if declared is None or declared.kind != "qualitative":
        raise Refusal(f"“{indicator}”不是定性指标", remedy="定量指标由数据计算,不能评判")
    if grade not in GRADES:
        raise Refusal(f"没有等级“{grade}”", remedy=f"可用:{'、'.join(GRADES.values())}")
    if day > clock.today():
        raise Refusal(f"评判日期 {day} 还没有到", remedy="请填写实际评判的日期")
    if not evidence.strip():
        raise Refusal("评判须有佐证", why="定性指标按政策文件、实物资料和访谈综合评判", remedy="请写明依据的文件或资料")
    found, _ = Assessment.objects.update_or_create(
        consortium_id=consortium_id,
        indicator=indicator,
        item=item.strip(),
        day=day,
        defaults={"grade": grade, "evidence": evidence.strip(), "by": by, "at": clock.now()},
    )
    return found
