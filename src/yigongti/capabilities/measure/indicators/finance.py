"""The money of institutions, from their books."""

from yigongti.capabilities.measure.facts.means import FINANCE
from yigongti.kernel.indicators import EVERY, Indicator, Proof, Rows

FEN_A_YUAN = 100
MONTHS_A_YEAR = 12


def account(name: str) -> Rows:
    """The postings to one account."""
    return FINANCE.where(lambda posting: posting.account == name)


def accounts(prefix: str) -> Rows:
    """The postings to all accounts below one (“income.medical.”)."""
    return FINANCE.where(lambda posting: posting.account.startswith(prefix))


def booked(rows: Rows, *, name: str) -> Proof:
    """An account that was never posted to is unknown, not zero."""
    return Proof(f"no_account:{name}", rows.count(), scope="group")


income, medical_income, cost = accounts("income."), accounts("income.medical."), accounts("cost.")
service_income, drug_income = account("income.medical.service"), account("income.medical.drug")
staff_cost, material_cost = account("cost.staff"), account("cost.material")
cash, debt = (account(name).where(lambda posting: posting.last_month) for name in ("cash.balance", "debt.balance"))
income_yuan, medical_yuan, cost_yuan = (rows.sum("amount_fen") / FEN_A_YUAN for rows in (income, medical_income, cost))

FINANCES = (
    Indicator(
        "medical_service_income_share",
        label="医疗服务收入占医疗收入比例", label_en="Share of medical service income",
        definition="医疗服务收入 ÷ 医疗收入(服务、药品、材料、检查、检验之和)",
        definition_en="Income from medical services ÷ medical income",
        dimension="finance", unit="ratio", better="higher",
        numerator=service_income.sum("amount_fen") / FEN_A_YUAN, denominator=medical_yuan,
        group_by=EVERY, proofs=(booked(service_income, name="income.medical.service"),),
        target="measure.target.medical_service_income_share", source="qingyuan-145 (四)2", serves=("QY-3", "CZ-6"),
    ),
    Indicator(
        "staff_cost_share",
        label="人员支出占业务支出比例", label_en="Share of staff cost",
        definition="人员支出 ÷ 业务支出",
        definition_en="Staff cost ÷ all costs",
        dimension="finance", unit="ratio", better="within",
        numerator=staff_cost.sum("amount_fen") / FEN_A_YUAN, denominator=cost_yuan,
        group_by=EVERY, proofs=(booked(staff_cost, name="cost.staff"),), target="measure.target.staff_cost_share",
        source="qingyuan-145 (四)2", serves=("QY-3",),
    ),
    Indicator(
        "drug_income_share",
        label="药品收入占医疗收入比例", label_en="Share of drug income",
        definition="药品收入 ÷ 医疗收入",
        definition_en="Income from drugs ÷ medical income",
        dimension="finance", unit="ratio", better="lower",
        numerator=drug_income.sum("amount_fen") / FEN_A_YUAN, denominator=medical_yuan,
        group_by=EVERY, proofs=(booked(drug_income, name="income.medical.drug"),), source="working-defaults 指标口径",
        serves=("QY-7",),
    ),
    Indicator(
        "material_cost_per_100_income",
        label="百元医疗收入(不含药品收入)中消耗的卫生材料费用", label_en="Material cost per 100 yuan of medical income",
        definition="卫生材料支出 ÷ (医疗收入 − 药品收入) × 100",
        definition_en="Material cost ÷ (medical income − drug income) × 100",
        dimension="finance", unit="yuan_per_100_yuan", better="lower",
        numerator=material_cost.sum("amount_fen") / FEN_A_YUAN,
        denominator=(medical_income.sum("amount_fen") - drug_income.sum("amount_fen")) / FEN_A_YUAN / 100,
        group_by=EVERY, proofs=(booked(material_cost, name="cost.material"),), source="working-defaults 指标口径",
        serves=("JD-14",),
    ),
    Indicator(
        "operating_margin",
        label="收支结余率", label_en="Operating margin",
        definition="(总收入 − 总支出) ÷ 总收入",
        definition_en="(Income − cost) ÷ income",
        dimension="finance", unit="ratio", better="higher",
        numerator=income_yuan - cost_yuan, denominator=income_yuan,
        group_by=EVERY, proofs=(booked(cost, name="cost"),), target="measure.target.operating_margin",
        source="yunnan-2024-17 14", serves=("YN-14",),
    ),
    Indicator(
        "cash_months",
        label="现金可支撑月数", label_en="Months of cost covered by cash",
        definition="期末月现金余额 ÷ 期内月均支出",
        definition_en="Cash balance of the last month ÷ average monthly cost",
        dimension="finance", unit="month", better="higher",
        numerator=cash.sum("amount_fen") / FEN_A_YUAN, denominator=cost_yuan / cost.distinct("on_day"),
        group_by=EVERY, proofs=(booked(cash, name="cash.balance"),), target="measure.target.cash_months",
        source="yunnan-2024-17 14", serves=("YN-14",),
    ),
    Indicator(
        "debt_to_income",
        label="负债与年收入之比", label_en="Debt to yearly income",
        definition="期末月负债余额 ÷ (期内月均收入 × 12)",
        definition_en="Debt balance of the last month ÷ (average monthly income × 12)",
        dimension="finance", unit="ratio", better="lower",
        numerator=debt.sum("amount_fen") / FEN_A_YUAN,
        denominator=income_yuan / income.distinct("on_day") * MONTHS_A_YEAR,
        group_by=EVERY, proofs=(booked(debt, name="debt.balance"),), source="yunnan-2024-17 14",
        serves=("YN-14", "CZ-10"),
    ),
)  # fmt: skip
