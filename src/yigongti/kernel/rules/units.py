"""The closed lists of kinds and units that a rule's value may have."""

from collections.abc import Mapping
from types import MappingProxyType

RATIO = {"ratio": "比例"}
MONEY = {
    "fen": "分", "yuan": "元", "wan_yuan": "万元", "yuan_per_person_year": "元/人·年", "yuan_per_point": "元/点",
    "yuan_per_day": "元/日", "yuan_per_visit": "元/次",
}  # fmt: skip
TIME = {"second": "秒", "minute": "分钟", "hour": "小时", "day": "日", "week": "周", "month": "个月", "year": "年"}
CODES = {"icd10": "ICD-10 编码", "icd9cm3": "ICD-9-CM-3 编码", "code": "编码"}
YES_NO = {"yes_no": "是否"}
COUNTS = {
    "person": "人", "institution": "家", "place": "个", "item": "项", "case": "例", "times": "次",
    "specialty": "个专科", "plan": "个方案", "team": "个团队", "grade": "级", "rank": "名次", "point": "分",
    "coefficient": "系数", "age": "岁",
    "percentage_point": "个百分点", "percentile": "百分位", "deviation": "个标准差", "kilometre": "公里",
    "times_per_year": "次/年", "times_per_week": "次/周", "days_per_week": "日/周", "person_per_year": "人/年",
    "person_per_1000": "人/千常住人口", "person_per_10k": "人/万常住人口", "person_per_100k": "人/10万常住人口",
    "person_per_100_beds": "人/百张床位", "beds_per_1000": "张/千常住人口", "person_per_station": "人/站",
    "patient_per_worker": "患者/人", "visit_per_day": "人次/日", "yuan_per_100_yuan": "元/百元收入",
    "mmhg": "mmHg", "mmol_per_l": "mmol/L", "kg_per_m2": "kg/m²", "centimetre": "cm", "celsius": "℃",
    "per_minute": "次/分", "gram": "克", "millilitre": "毫升",
}  # fmt: skip

UNITS: Mapping[str, str] = MappingProxyType({**RATIO, **MONEY, **TIME, **CODES, **YES_NO, **COUNTS})
"""Every unit a rule may name → how people read it."""

KINDS: Mapping[str, str] = MappingProxyType({
    "number": "数值", "money": "金额", "ratio": "比例", "duration": "时长", "bands": "分段", "table": "表",
    "code_set": "编码集", "yes_no": "是否",
})  # fmt: skip
"""Every kind of value a rule may have → how people read it."""

_FREE = {**RATIO, **MONEY, **TIME, **COUNTS}
UNITS_OF_KIND: Mapping[str, frozenset[str]] = MappingProxyType({
    "number": frozenset(COUNTS), "money": frozenset(MONEY), "ratio": frozenset(RATIO), "duration": frozenset(TIME),
    "bands": frozenset(_FREE), "table": frozenset(_FREE), "code_set": frozenset(CODES), "yes_no": frozenset(YES_NO),
})  # fmt: skip
"""Which units fit a kind."""
