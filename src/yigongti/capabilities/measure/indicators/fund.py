"""What the insurance fund pays and where, and what care costs."""

from yigongti.capabilities.measure.facts.encounters import (
    IN_COUNTY_STAYS,
    IN_COUNTY_VISITS,
    STAYS_OF_RESIDENTS,
    VISITS_OF_RESIDENTS,
)
from yigongti.capabilities.measure.indicators.flow import STAYS_OUTSIDE, VISITS_OUTSIDE
from yigongti.kernel.indicators import AREAS, EVERY, Amount, Indicator, Rows

FEN_A_YUAN = 100


def fund_yuan(visits: Rows, stays: Rows) -> Amount:
    """What the fund paid for visits and stays, in yuan."""
    return (visits.sum("fund_fen") + stays.sum("fund_fen")) / FEN_A_YUAN


insured_stays = IN_COUNTY_STAYS.where(lambda stay: stay.insured)
stay_yuan = insured_stays.sum("total_fen") / FEN_A_YUAN
cost_per_stay = stay_yuan / insured_stays.count()

outpatients = IN_COUNTY_VISITS.where(lambda visit: visit.kind.isin(("outpatient", "emergency")))
visit_yuan = outpatients.sum("total_fen") / FEN_A_YUAN
cost_per_visit = visit_yuan / outpatients.count()

FUND = (
    Indicator(
        "fund_in_county_share",
        label="医保基金县域内支出占比", label_en="Share of the fund spent in the county",
        definition="县域内医疗卫生机构门急诊与住院的医保基金支出 ÷ 县内外全部门急诊与住院的医保基金支出(均不含药店)",
        definition_en="Fund paid for visits and stays in the county ÷ paid everywhere, retail pharmacies apart",
        dimension="fund", unit="ratio", better="higher",
        numerator=fund_yuan(VISITS_OF_RESIDENTS.where(lambda visit: visit.in_county),
                            STAYS_OF_RESIDENTS.where(lambda stay: stay.in_county)),
        denominator=fund_yuan(VISITS_OF_RESIDENTS, STAYS_OF_RESIDENTS),
        group_by=AREAS, proofs=(VISITS_OUTSIDE, STAYS_OUTSIDE), source="indicators-2024 指标8", serves=("CZ-4",),
    ),
    Indicator(
        "primary_fund_share",
        label="县域内基层医疗卫生机构医保基金支出占比",
        label_en="Share of the in-county fund spent at primary institutions",
        definition="县域内基层医疗卫生机构的医保基金支出 ÷ 县域内全部医疗卫生机构的医保基金支出",
        definition_en="Fund paid at in-county primary institutions ÷ at all in-county institutions",
        dimension="fund", unit="ratio", better="higher",
        numerator=fund_yuan(IN_COUNTY_VISITS.where(lambda visit: visit.primary),
                            IN_COUNTY_STAYS.where(lambda stay: stay.primary)),
        denominator=fund_yuan(IN_COUNTY_VISITS, IN_COUNTY_STAYS),
        group_by=AREAS, source="indicators-2024 指标9", serves=("BN-19",),
    ),
    Indicator(
        "inpatient_reimbursement_ratio",
        label="住院实际报销比", label_en="Share of inpatient cost paid by the fund",
        definition="参保人县域内住院的医保基金支出 ÷ 参保人县域内住院总费用",
        definition_en="Fund paid for insured people's in-county stays ÷ their total cost",
        dimension="fund", unit="ratio", better="higher",
        numerator=insured_stays.sum("fund_fen") / FEN_A_YUAN, denominator=stay_yuan,
        group_by=EVERY, source="working-defaults 指标口径", serves=("JD-9",),
    ),
    Indicator(
        "inpatient_out_of_pocket_share",
        label="住院个人负担占比", label_en="Share of inpatient cost borne by the patient",
        definition="参保人县域内住院的个人负担 ÷ 参保人县域内住院总费用",
        definition_en="Paid by insured patients for in-county stays ÷ their total cost",
        dimension="fund", unit="ratio", better="lower",
        numerator=insured_stays.sum("self_fen") / FEN_A_YUAN, denominator=stay_yuan,
        group_by=EVERY, source="jiading-2020-1 9", serves=("JD-9",),
    ),
)  # fmt: skip

COST = (
    Indicator(
        "inpatient_cost_per_stay",
        label="参保人县域内住院次均费用", label_en="Cost per stay",
        definition="参保人县域内住院总费用 ÷ 参保人县域内住院人次(按出院人次计,非按人)",
        definition_en="Total cost of insured people's in-county stays ÷ their number (stays, not persons)",
        dimension="cost", unit="yuan", better="lower",
        numerator=stay_yuan, denominator=insured_stays.count(),
        group_by=EVERY, source="indicators-2024 指标10", serves=("QY-7", "YN-14"),
    ),
    Indicator(
        "inpatient_cost_growth",
        label="参保人县域内住院次均费用增长率", label_en="Growth of cost per stay",
        definition="(本期住院次均费用 − 上年同期住院次均费用) ÷ 上年同期住院次均费用",
        definition_en="(Cost per stay − cost per stay of the same days a year before) ÷ the latter",
        dimension="cost", unit="ratio", better="lower",
        numerator=cost_per_stay, denominator=cost_per_stay.a_year_before(),
        value=cost_per_stay / cost_per_stay.a_year_before() - 1,
        group_by=EVERY, target="measure.target.inpatient_cost_growth", source="indicators-2024 指标10",
        serves=("QY-7", "YN-14", "JD-9"),
    ),
    Indicator(
        "outpatient_cost_per_visit",
        label="门急诊次均费用", label_en="Cost per outpatient visit",
        definition="县域内门诊和急诊总费用 ÷ 县域内门诊和急诊人次",
        definition_en="Total cost of in-county outpatient and emergency visits ÷ their number",
        dimension="cost", unit="yuan", better="lower",
        numerator=visit_yuan, denominator=outpatients.count(),
        group_by=EVERY, source="qingyuan-145 (四)4", serves=("QY-7", "YN-14"),
    ),
    Indicator(
        "outpatient_cost_growth",
        label="门急诊次均费用增长率", label_en="Growth of cost per outpatient visit",
        definition="(本期门急诊次均费用 − 上年同期门急诊次均费用) ÷ 上年同期门急诊次均费用",
        definition_en="(Cost per outpatient visit − that of the same days a year before) ÷ the latter",
        dimension="cost", unit="ratio", better="lower",
        numerator=cost_per_visit, denominator=cost_per_visit.a_year_before(),
        value=cost_per_visit / cost_per_visit.a_year_before() - 1,
        group_by=EVERY, target="measure.target.outpatient_cost_growth", source="qingyuan-145 (四)4",
        serves=("QY-7", "YN-14"),
    ),
)  # fmt: skip
