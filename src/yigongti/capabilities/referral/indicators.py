"""What closes the loop of a referral: handed back, followed up in time, places kept free as promised."""

from collections.abc import Mapping

from yigongti.capabilities.referral.facts import ARRIVED, RECEIVERS, TAKEN_OVER
from yigongti.kernel.indicators import EVERY, Indicator, catalogue

INDICATORS: Mapping[str, Indicator] = catalogue((
    Indicator(
        "referral_handed_back_share",
        label="上转患者回转率", label_en="Referrals up handed back",
        definition="期内发出并到诊的上转中,已带出院小结交回基层的人次 ÷ 到诊的上转人次(按机构时归于接收方)",
        definition_en="Of referrals up sent in the period whose patient arrived: those handed back to the base level "
        "with a discharge summary (by institution: of the receiver)",
        dimension="referral", unit="ratio", better="higher",
        numerator=ARRIVED.where(lambda referral: referral.returned_at.notnull()).count(), denominator=ARRIVED.count(),
        group_by=EVERY, source="jiading-2020-1 5", serves=("JD-5", "YN-5"),
    ),
    Indicator(
        "referral_followed_up_in_time",
        label="接手后首次随访及时率", label_en="First follow-ups in time after taking over",
        definition="期内由基层接手的转诊中,在规定期限内完成首次随访的人次 ÷ 接手人次"
        "(期限:机构与村医各按其规则;按机构时归于接手方)",
        definition_en="Of referrals taken over by the base level in the period: those with the first follow-up inside "
        "the time of the rule that holds for who took over",
        dimension="referral", unit="ratio", better="higher",
        numerator=TAKEN_OVER.where(lambda case: case.followed_in_time).count(), denominator=TAKEN_OVER.count(),
        group_by=EVERY, source="jiading-2020-1 5", serves=("JD-5", "BN-9"),
    ),
    Indicator(
        "reserved_share_kept",
        label="预留比例达标的接收机构占比", label_en="Receivers that keep the reserved share",
        definition="接收的上转中使用预留号源、床位或检查的比例达到规定预留比例的机构 ÷ 接收上转的机构",
        definition_en="Institutions where the share of accepted referrals up on reserved places reaches the rule ÷ "
        "institutions that accepted referrals up",
        dimension="referral", unit="ratio", better="higher",
        numerator=RECEIVERS.where(lambda receiver: receiver.kept).count(), denominator=RECEIVERS.count(),
        group_by=EVERY, source="yunnan-2024-17 11", serves=("YN-11",),
    ),
))  # fmt: skip
"""Indicator id → declaration; those of sending, accepting and arriving are measured with the others of the county."""
