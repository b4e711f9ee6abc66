"""Referral up and down: in time, closed, orderly, followed up."""

from yigongti.capabilities.measure.facts.encounters import INSURED_STAYS
from yigongti.capabilities.measure.facts.services import DOWN_REFERRALS, REFERRALS
from yigongti.kernel.indicators import AREAS, EVERY, HOME, Indicator

at_hospital = REFERRALS.at("hospital_id")
at_receiver = REFERRALS.at("to_institution_id")
up = REFERRALS.where(lambda referral: referral.direction == "up")
stays_outside = INSURED_STAYS.at(HOME).where(lambda stay: ~stay.in_county)

REFERRAL = (
    Indicator(
        "down_referral_ratio",
        label="下转与上转人次比", label_en="Referrals down to referrals up",
        definition="下转人次 ÷ 上转人次(按机构时归于上级医院)",
        definition_en="Referrals down ÷ referrals up (by institution: of the upper hospital)",
        dimension="referral", unit="ratio", better="higher",
        numerator=at_hospital.where(lambda referral: referral.direction == "down").count(),
        denominator=at_hospital.where(lambda referral: referral.direction == "up").count(),
        group_by=EVERY, source="yunnan-2024-17 5", serves=("YN-5", "BN-9"),
    ),
    Indicator(
        "referral_closure_rate",
        label="转诊结案率", label_en="Referral closure rate",
        definition="期内发出且已结案的转诊人次 ÷ 期内发出的转诊人次(按机构时归于转出方)",
        definition_en="Referrals sent in the period and closed ÷ referrals sent (by institution: of the sender)",
        dimension="referral", unit="ratio", better="higher",
        numerator=REFERRALS.where(lambda referral: referral.closed_at.notnull()).count(), denominator=REFERRALS.count(),
        group_by=EVERY, target="measure.target.referral_closure_rate", source="jiading-2020-1 5", serves=("JD-5",),
    ),
    Indicator(
        "referral_accepted_in_time",
        label="转诊接收及时率", label_en="Referrals accepted in time",
        definition="在规定期限内接收的转诊人次 ÷ 期内发出的转诊人次(按机构时归于接收方)",
        definition_en="Referrals accepted within the rule's time ÷ referrals sent (by institution: of the receiver)",
        dimension="referral", unit="ratio", better="higher",
        numerator=at_receiver.where(lambda referral: referral.accepted_in_time).count(),
        denominator=at_receiver.count(),
        group_by=EVERY, target="measure.target.referral_accepted_in_time", source="jiading-2020-1 5",
        serves=("JD-5", "YN-5"),
    ),
    Indicator(
        "referral_arrival_rate",
        label="转诊到诊率", label_en="Referral arrival rate",
        definition="已到诊的转诊人次 ÷ 已接收的转诊人次(按机构时归于接收方)",
        definition_en="Referrals whose patient arrived ÷ referrals accepted (by institution: of the receiver)",
        dimension="referral", unit="ratio", better="higher",
        numerator=at_receiver.where(
            lambda referral: referral.accepted_at.notnull() & referral.arrived_at.notnull()
        ).count(),
        denominator=at_receiver.where(lambda referral: referral.accepted_at.notnull()).count(),
        group_by=EVERY, source="jiading-2020-1 5", serves=("JD-5",),
    ),
    Indicator(
        "reserved_referral_share",
        label="使用预留资源的上转占比", label_en="Share of referrals up that used reserved resources",
        definition="使用预留号源、床位或检查的上转人次 ÷ 上转人次",
        definition_en="Referrals up that used a reserved slot, bed or examination ÷ referrals up",
        dimension="referral", unit="ratio", better="higher",
        numerator=up.where(lambda referral: referral.reserved).count(), denominator=up.count(),
        group_by=EVERY, target="measure.target.reserved_referral_share", source="yunnan-2024-17 11", serves=("YN-11",),
    ),
    Indicator(
        "orderly_referral_share",
        label="有序转诊率", label_en="Orderly referral share",
        definition="参保人经转诊手续的县外住院人次 ÷ 参保人县外住院人次",
        definition_en="Insured people's stays outside the county that had a referral ÷ their stays outside the county",
        dimension="referral", unit="ratio", better="higher",
        numerator=stays_outside.where(lambda stay: stay.referral_id.notnull()).count(),
        denominator=stays_outside.count(),
        group_by=AREAS, source="working-defaults 转诊与互认", serves=("CZ-4", "YN-5"),
    ),
    Indicator(
        "down_referral_followed_up",
        label="下转患者随访及时率", label_en="Referrals down followed up in time",
        definition="下转后在规定期限内(按日计)得到首次随访的人次 ÷ 下转人次(按机构时归于接收方)",
        definition_en="Referrals down with a first follow-up within the rule's time, in days ÷ referrals down "
        "(by institution: of the receiver)",
        dimension="referral", unit="ratio", better="higher",
        numerator=DOWN_REFERRALS.where(lambda referral: referral.followed_up).count(),
        denominator=DOWN_REFERRALS.count(),
        group_by=EVERY, target="measure.target.down_referral_followed_up", source="working-defaults 转诊与互认",
        serves=("QY-6", "BN-9"),
    ),
)  # fmt: skip
