"""The three qualitative indicators of a close-knit consortium, graded by evidence."""

from yigongti.capabilities.measure.facts.means import ASSESSMENTS
from yigongti.kernel.indicators import Indicator


def graded(indicator_id: str, *, label: str, label_en: str, about: str, about_en: str, number: int) -> Indicator:
    """A qualitative indicator: the share of its items that are in writing and in operation; met only when all are."""
    items = ASSESSMENTS.where(lambda item: item.indicator == indicator_id)
    return Indicator(
        indicator_id,
        label=label,
        label_en=label_en,
        definition=f"{about}各评判要点中“有明确制度安排且已组织实施”的要点数 ÷ 已评判的要点数;"
        "全部实施方为达标,未评判则无值",
        definition_en=f"Items of {about_en} that are laid down and carried out ÷ items assessed; met only when all are",
        dimension="governance",
        unit="ratio",
        better="higher",
        numerator=items.where(lambda item: item.implemented).count(),
        denominator=items.count(),
        group_by=("consortium",),
        target=f"measure.target.{indicator_id}",
        source=f"indicators-2024 指标{number}",
        kind="qualitative",
        serves=("YN-6",),
    )


GOVERNANCE = (
    graded("unified_management", label="资源统一管理", label_en="Unified management",
           about="人事、财务、业务、药品、信息等统一管理", about_en="unified management", number=1),
    graded("democratic_decision", label="医共体内部民主决策", label_en="Democratic decision",
           about="章程、议事规则和基层代表参与决策等", about_en="democratic decision", number=2),
    graded("service_coordination", label="服务协同联动", label_en="Coordination of services",
           about="转诊、远程、互认、医防协同、监测预警等", about_en="coordination of services", number=3),
)  # fmt: skip
