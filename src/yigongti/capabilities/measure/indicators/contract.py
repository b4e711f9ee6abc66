"""Family-doctor contracts: how many have one, who, and whether they are kept."""

from yigongti.capabilities.measure.facts.encounters import CONTRACTED_VISITS
from yigongti.capabilities.measure.facts.people import CONTRACTS, CONTRACTS_ENDED, POPULATION, RESIDENTS_WITH_CONTRACT
from yigongti.kernel.indicators import AREAS, EVERY, HOME, Indicator

PERCENT = 100

contracted = CONTRACTS.at(HOME).distinct("resident_id")
coverage = contracted / POPULATION
key_groups = RESIDENTS_WITH_CONTRACT.where(lambda person: person.key_group)
long_term_care = RESIDENTS_WITH_CONTRACT.where(lambda person: person.long_term_care)

CONTRACT = (
    Indicator(
        "contract_coverage",
        label="家庭医生签约覆盖率", label_en="Family-doctor contract coverage",
        definition="期末有有效签约的居民数 ÷ 常住人口",
        definition_en="Residents with a contract in force at the end of the period ÷ resident population",
        dimension="contract", unit="ratio", better="higher",
        numerator=contracted, denominator=POPULATION,
        group_by=AREAS, target="measure.target.contract_coverage", source="banan-2024-5 10",
        serves=("BN-10", "CZ-4", "YN-11"),
    ),
    Indicator(
        "contract_coverage_growth",
        label="家庭医生签约覆盖率年提升", label_en="Yearly rise of contract coverage",
        definition="(期末签约覆盖率 − 上年同期末签约覆盖率),以百分点计",
        definition_en="Contract coverage − that of a year before, in percentage points",
        dimension="contract", unit="percentage_point", better="higher",
        numerator=coverage * PERCENT, denominator=coverage.a_year_before() * PERCENT,
        value=(coverage - coverage.a_year_before()) * PERCENT,
        group_by=AREAS, target="measure.target.contract_coverage_growth", source="banan-2024-5 10", serves=("BN-10",),
    ),
    Indicator(
        "key_group_contract_coverage",
        label="重点人群签约覆盖率", label_en="Contract coverage of key groups",
        definition="期末有有效签约的重点人群居民数 ÷ 重点人群居民数",
        definition_en="Residents of key groups with a contract in force ÷ residents of key groups",
        dimension="contract", unit="ratio", better="higher",
        numerator=key_groups.where(lambda person: person.contracted).count(), denominator=key_groups.count(),
        group_by=AREAS, target="measure.target.key_group_contract_coverage", source="banan-2024-5 10",
        serves=("BN-10", "JD-7"),
    ),
    Indicator(
        "long_term_care_contract_coverage",
        label="长护险对象签约覆盖率", label_en="Contract coverage of long-term-care insured",
        definition="期末有有效签约的长期护理保险对象数 ÷ 长期护理保险对象数",
        definition_en="Long-term-care insured with a contract in force ÷ all of them",
        dimension="contract", unit="ratio", better="higher",
        numerator=long_term_care.where(lambda person: person.contracted).count(), denominator=long_term_care.count(),
        group_by=AREAS, target="measure.target.long_term_care_contract_coverage", source="jiading-2020-1 7",
        serves=("JD-7",),
    ),
    Indicator(
        "paid_contract_share",
        label="有偿签约占比", label_en="Share of paid contracts",
        definition="期末有效签约中的有偿签约数 ÷ 期末有效签约数",
        definition_en="Paid contracts in force ÷ contracts in force",
        dimension="contract", unit="ratio", better="higher",
        numerator=CONTRACTS.where(lambda contract: contract.paid).count(), denominator=CONTRACTS.count(),
        group_by=EVERY, source="working-defaults 签约", serves=("BN-10", "JD-7"),
    ),
    Indicator(
        "contract_renewal_rate",
        label="签约续签率", label_en="Contract renewal rate",
        definition="期内到期签约中,居民在规定期限内再次签约的份数 ÷ 期内到期签约份数",
        definition_en="Contracts that ended in the period and were followed by another soon enough "
        "÷ contracts that ended",
        dimension="contract", unit="ratio", better="higher",
        numerator=CONTRACTS_ENDED.where(lambda contract: contract.renewed).count(), denominator=CONTRACTS_ENDED.count(),
        group_by=EVERY, source="working-defaults 签约", serves=("BN-10",),
    ),
    Indicator(
        "in_team_visit_share",
        label="签约居民组合内就诊率", label_en="Contracted people's visits within their team",
        definition="签约居民在签约机构(含其上级中心和下设站、室)的基层就诊人次 ÷ 签约居民的县域内基层就诊人次",
        definition_en="Visits of contracted people to their own institution, its centre or its stations and rooms "
        "÷ their visits to in-county primary institutions",
        dimension="contract", unit="ratio", better="higher",
        numerator=CONTRACTED_VISITS.where(lambda visit: visit.in_team).count(), denominator=CONTRACTED_VISITS.count(),
        group_by=EVERY, source="working-defaults 签约", serves=("JD-7", "CZ-4"),
    ),
)  # fmt: skip
