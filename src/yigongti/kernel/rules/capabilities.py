"""The closed list of what a pack can switch on: the product's capabilities and the ways of paying among them."""

from collections.abc import Mapping
from types import MappingProxyType

SECTIONS: Mapping[str, str] = MappingProxyType({
    "registry": "机构与人员", "record": "居民档案", "exchange": "互联互通", "contract": "家庭医生签约",
    "referral": "双向转诊", "booking": "全场景预约", "diagnosis": "资源共享中心", "consult": "远程会诊与互联网医院",
    "pharmacy": "统一药学服务", "followup": "医防融合与慢病", "homecare": "医养结合", "circuit": "巡诊与流动医院",
    "emergency": "院前急救与预检分诊", "surveillance": "监测预警与应急", "portal": "居民端", "measure": "监测评价",
    "payment": "医保支付", "supervision": "基金与行业监管", "finance": "财务与利益分配", "workforce": "人员管理",
    "planning": "资源规划", "quality": "质量同质化", "ledger": "政策台账", "cockpit": "驾驶舱",
})  # fmt: skip
"""The sections of the product → their names."""

PAYMENT_WAYS: Mapping[str, str] = MappingProxyType({
    "payment.global_budget": "总额付费", "payment.drg": "按疾病诊断相关分组付费", "payment.drg_points": "DRG 点数付费",
    "payment.dip": "按病种分值付费", "payment.outpatient_capitation": "门诊按人头付费",
    "payment.tcm_diseases": "中医优势病种", "payment.in_region_rate": "与区域就诊率关联的预算",
    "payment.long_term_care": "长期护理保险", "payment.continuous_deductible": "转诊连续计算起付线",
    "payment.same_disease_same_pay": "同病同付",
})  # fmt: skip
"""The ways of paying, of which each place has its own."""

CAPABILITIES: Mapping[str, str] = MappingProxyType({**SECTIONS, **PAYMENT_WAYS})
"""Everything that a pack may switch on → its name."""
