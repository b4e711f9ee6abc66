"""The sentences of a trace, in Chinese and in English."""

from collections.abc import Mapping
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

PHRASES: Mapping[Language, Mapping[str, str]] = {
    "zh": {
        "always": "无条件", "never": "从不", "and": ",且", "or": ",", "codes": "、", "none": "无",
        "has_procedures": "有手术操作", "no_procedures": "没有手术操作",
        "without": "没有{role}", "in": "{role} {codes} 属于{where}", "not_in": "{role} {codes} 不属于{where}",
        "list": "列表 {name}", "given_codes": "指定编码",
        "at_least": "{role}命中 {hits} 项({names}),要求至少 {least} 项",
        "mcc": "严重并发症 MCC", "cc": "并发症 CC", "has": "有{kind}:{codes}", "has_not": "没有{kind}",
        "has_not_void": "没有{kind}({codes} 被主要诊断排除)",
        "excluded": "其他诊断 {code} 是 {level},但主要诊断 {principal} 在其排除表 {exclusion} 中,不计",
        "counted": "其他诊断 {code} 是 {level}(排除表 {exclusion}),计入",
        "missing": "{column}缺失,按不成立处理", "holds": "{column} {value:g} 满足 {symbol} {number:g}",
        "fails": "{column} {value:g} 不满足 {symbol} {number:g}",
        "retry": "没有入组,以这项手术作唯一手术再试", "otherwise": "没有一个细分组的条件成立,入约定的组",
        "principal_dx": "主要诊断", "any_dx": "诊断", "other_dx": "其他诊断", "main_procedure": "主要手术",
        "any_procedure": "手术", "other_procedure": "其他手术", "sex": "性别", "department": "科室",
        "discharge_way": "离院方式", "age_years": "年龄(岁)", "age_days": "日龄(天)",
        "birth_weight_g": "出生体重(克)", "days_in_hospital": "住院天数",
    },
    "en": {
        "always": "without condition", "never": "never", "and": ", and ", "or": ", ", "codes": ", ", "none": "none",
        "has_procedures": "there are procedures", "no_procedures": "there is no procedure",
        "without": "no {role}", "in": "{role} {codes} is in {where}", "not_in": "{role} {codes} is not in {where}",
        "list": "list {name}", "given_codes": "the given codes",
        "at_least": "{role} in {hits} of the lists ({names}), at least {least} asked",
        "mcc": "severe complication (MCC)", "cc": "complication (CC)", "has": "there is a {kind}: {codes}",
        "has_not": "no {kind}", "has_not_void": "no {kind} ({codes} excluded by the principal diagnosis)",
        "excluded": "other diagnosis {code} is {level}, but the principal diagnosis {principal} is in its exclusion "
        "list {exclusion}: not counted",
        "counted": "other diagnosis {code} is {level} (exclusion list {exclusion}): counted",
        "missing": "{column} is missing: taken as not met", "holds": "{column} {value:g} is {symbol} {number:g}",
        "fails": "{column} {value:g} is not {symbol} {number:g}",
        "retry": "no group: tried again with this procedure as the only one",
        "otherwise": "the condition of no group holds: the agreed one",
        "principal_dx": "principal diagnosis", "any_dx": "diagnosis", "other_dx": "other diagnosis",
        "main_procedure": "main procedure", "any_procedure": "procedure", "other_procedure": "other procedure",
        "sex": "sex", "department": "department", "discharge_way": "way of discharge", "age_years": "age in years",
        "age_days": "age in days", "birth_weight_g": "birth weight (g)", "days_in_hospital": "days in hospital",
    },
}  # fmt: skip
"""Language → the pattern of each sentence and the name of each value; both have the same keys."""


def phrase(language: Language, key: str, **values: object) -> str:
    """A sentence with its values in it."""
    return PHRASES[language][key].format(**values)
