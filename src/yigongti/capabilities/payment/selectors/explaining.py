"""How each number of a settlement came about: the formula with its own figures, and the rules that entered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from yigongti.capabilities.payment.decisions import clearing
from yigongti.capabilities.payment.decisions.drg.points import KIND_LABELS
from yigongti.capabilities.payment.decisions.exact import E4
from yigongti.capabilities.payment.decisions.quality import BY_EVALUATION, QUALITY_BANDS
from yigongti.capabilities.payment.models import LineResult, PoolResult, Run
from yigongti.capabilities.payment.selectors.cases import Case
from yigongti.kernel.money import yuan
from yigongti.spine.county_rules import county_rules

DRG_NORMAL = ("payment.drg.points_scale", "payment.drg.hospital_factor_share")
DIP_NORMAL = ("payment.dip.score_scale",)


@dataclass(frozen=True)
class RuleUsed:
    """A rule that entered: its label now, and the version that the run recorded."""

    id: str
    label: str
    version: str


@dataclass(frozen=True)
class Explained:
    """A number: what it is, its value in fen (or `text` where it is not money), how it came about, by which rules."""

    label: str
    formula: str
    fen: int | None = None
    text: str = ""
    rules: Sequence[RuleUsed] = ()


def kind_label(kind: str) -> str:
    """What a way of being weighed is called."""
    others = {
        "readmitted": _("短期内再入院"), "linked": _("转诊连续住院"), "special": _("特例单议"),
        "bed_day": _("床日"), "tcm": _("中医优势病种"), "": _("县外,按记账"),
    }  # fmt: skip
    return others.get(kind) or _(KIND_LABELS[kind])  # type: ignore[index]  # the four kinds of points are the rest


def of_pool(pool: PoolResult) -> list[Explained]:
    """How a budget was divided and cleared."""
    used, money = _Used(pool.run), _yuan
    shared = pool.stays_fen + pool.visits_fen
    return [
        Explained(_("预算总额"), _("装载的预算"), pool.budget_fen, rules=used("payment.budget.together")),
        Explained(_("预留"), _("总额 × 预留比例"), pool.reserved_fen, rules=used(clearing.RESERVED_SHARE)),
        Explained(_("县外支出"), _("参保人在县外的住院和门诊,按记账从总额中支付"), pool.outside_fen),
        Explained(
            _("县内可分配"),
            _("%(budget)s − 预留 %(reserved)s − 县外 %(outside)s,不小于 0;按记账分为住院 %(stays)s、门诊 %(visits)s")
            % {
                "budget": money(pool.budget_fen), "reserved": money(pool.reserved_fen),
                "outside": money(pool.outside_fen), "stays": money(pool.stays_fen), "visits": money(pool.visits_fen),
            },
            shared,
        ),
        _point_value(pool, used),
        Explained(_("考核系数"), _quality(pool), text=_percent(pool.quality), rules=_quality_rules(pool, used)),
        Explained(_("区域就诊率系数"), _tie(pool), text=_percent(pool.tie),
                  rules=used(clearing.TIED_TO_REGION, clearing.REGION_TARGET)),
        Explained(_("清算合计"), _("各机构清算之和 = 总额 + 基金分担超支 − 基金留存"), pool.final_fen),
        Explained(_("基金留存"), _("预留、未留用的结余"), pool.kept_by_fund_fen,
                  rules=used(clearing.SURPLUS_KEPT, clearing.SURPLUS_SHARE, clearing.SURPLUS_CAP, clearing.LEAST_USE)),
        Explained(_("基金分担超支"), _("超支按占总额的比例逐段分担"), pool.fund_share_fen,
                  rules=used(clearing.OVERRUN_SHARED, clearing.OVERRUN_TIERS)),
    ]  # fmt: skip


def of_line(line: LineResult) -> list[Explained]:
    """How an institution's clearing came about."""
    used, money, pool = _Used(line.pool.run), _yuan, line.pool
    found = [Explained(_("基金记账"), _("住院 %(stays)s 例 %(a)s + 门诊 %(visits)s 人次 %(b)s") % {
        "stays": line.stays, "visits": line.visits, "a": money(line.stays_recorded_fen),
        "b": money(line.visits_recorded_fen)}, line.recorded_fen)]  # fmt: skip
    if line.in_county and pool.points_e4:
        worth = _("点数 %(points)s ÷ 总点数 %(all)s × 可分配 %(money)s") % {
            "points": _points(line.points_e4), "all": _points(pool.points_e4), "money": money(_point_money(pool)),
        }  # fmt: skip
        found.append(Explained(_("点数金额"), worth, line.worth_fen, rules=used(clearing.TOTAL_COST)))
        owed = _("点数金额 %(worth)s − 个人负担 %(own)s") % {
            "worth": money(line.worth_fen), "own": money(line.stays_self_fen),
        }  # fmt: skip
        found.append(
            Explained(_("住院应付"), owed if _is_total_cost(pool.run) else _("点数在基金中的份额"), line.stays_due_fen)
        )
    found.append(Explained(_("门诊应付"), _("签约 %(people)s 人按人头的份额,其余按记账") % {"people": line.people},
                           line.visits_due_fen, rules=used(clearing.CONTRACT_SHARE)))  # fmt: skip
    return [*found, *_outcome(line, used)]


def _outcome(line: LineResult, used: "_Used") -> list[Explained]:
    money = _yuan
    surplus = used(clearing.BY_CONSORTIUM, clearing.SURPLUS_SHARE, clearing.SURPLUS_CAP, clearing.LEAST_USE)
    return [
        Explained(_("留用结余"), _("结余 × 留用比例 × 考核系数 × 区域就诊率系数,以上限为限"),
                  line.surplus_kept_fen, rules=surplus),
        Explained(_("自担超支"), _("超支扣除基金分担后,由超过应付的机构承担"), line.overrun_borne_fen,
                  rules=used(clearing.OVERRUN_SHARED, clearing.OVERRUN_TIERS)),
        Explained(_("清算"), _("记账 %(recorded)s + 留用 %(kept)s − 自担 %(borne)s") % {
            "recorded": money(line.recorded_fen), "kept": money(line.surplus_kept_fen),
            "borne": money(line.overrun_borne_fen)}, line.final_fen),
    ]  # fmt: skip


def of_case(case: Case, pool: PoolResult) -> list[Explained]:
    """How a single stay came by its points and its money."""
    used, money = _Used(pool.run), _yuan
    by = used(*_case_rules(case, pool.run))
    if not case.in_county:
        return [Explained(_("基金应付"), _("县外住院按记账从总额中支付"), case.fund_fen)]
    worth = _("点数 %(points)s × 点值 %(value)s") % {"points": _points(case.points_e4), "value": point_value(pool)}
    due = _("点数金额 %(worth)s − 个人负担 %(own)s") % {"worth": money(case.worth_fen), "own": money(case.self_fen)}
    found = [
        Explained(_("点数"), _case_points(case), text=_points(case.points_e4), rules=by),
        Explained(_("点数金额"), worth, case.worth_fen),
        Explained(_("基金应付"), due if _is_total_cost(pool.run) else worth, case.due_fen,
                  rules=used(clearing.TOTAL_COST)),
        Explained(_("基金记账"), _("总费用 %(total)s − 个人负担 %(own)s 等") % {
            "total": money(case.total_fen), "own": money(case.self_fen)}, case.fund_fen),
    ]  # fmt: skip
    if case.overcharged_fen:
        told = _("转诊连续住院的起付线按连续计算多收,应退患者,已从个人负担中减去")
        rules = used("payment.continuous_deductible", "payment.deductible.standard")
        found.append(Explained(_("应退起付线"), told, case.overcharged_fen, rules=rules))
    return found


def _case_points(case: Case) -> str:
    figures = {
        "base": _points(case.base_e4), "factor": _points(case.factor_e4), "ratio": _points(case.ratio_e4),
        "label": kind_label(case.kind),
    }  # fmt: skip
    formulas = {
        "normal": _("%(label)s:基准 %(base)s × 系数 %(factor)s"),
        "low": _("%(label)s:基准 %(base)s × 费用倍数 %(ratio)s"),
        "high": _("%(label)s:基准 %(base)s,另加超过界限的费用倍数(本例 %(ratio)s)"),
        "by_cost": _("%(label)s:费用 ÷ 全部病例例均费用"),
        "readmitted": _("%(label)s:前次住院的点数按比例折减"),
        "linked": _("%(label)s:同组连续住院合计按最高一次,按费用分摊"),
    }
    return formulas.get(case.kind, _("%(label)s:按定额折成点数")) % figures


def _case_rules(case: Case, run: Run) -> tuple[str, ...]:
    if case.kind == "normal":
        return DIP_NORMAL if run.scheme == "DIP" else DRG_NORMAL
    return (case.rule,)


def point_value(pool: PoolResult) -> str:
    """Yuan a point, four decimals; "—" without points."""
    if not pool.points_e4:
        return "—"
    return f"{float(Fraction(_point_money(pool) * E4, pool.points_e4) / 100):,.4f}"


def _point_value(pool: PoolResult, used: "_Used") -> Explained:
    formula = _("住院可分配 %(stays)s + 个人负担 %(own)s,÷ 总点数 %(points)s")
    if not _is_total_cost(pool.run):
        formula = _("住院可分配 %(stays)s ÷ 总点数 %(points)s")
    figures = {"stays": _yuan(pool.stays_fen), "own": _yuan(pool.self_fen), "points": _points(pool.points_e4)}
    return Explained(_("点值(元)"), formula % figures, text=point_value(pool), rules=used(clearing.TOTAL_COST))


def _point_money(pool: PoolResult) -> int:
    own = pool.self_fen if _is_total_cost(pool.run) else 0
    return int(pool.stays_fen + own)


def _is_total_cost(run: Run) -> bool:
    return str(run.rules.get(clearing.TOTAL_COST, "")).endswith("True")


def _quality(pool: PoolResult) -> str:
    if pool.run.evaluation_id:
        return _("取自固化的年度评价:达标率对应的系数")
    return _("规则规定的数")


def _quality_rules(pool: PoolResult, used: "_Used") -> Sequence[RuleUsed]:
    if pool.run.evaluation_id:
        return used(BY_EVALUATION, QUALITY_BANDS)
    return used(clearing.QUALITY_FACTOR)


def _tie(pool: PoolResult) -> str:
    if not pool.in_region:
        return _("没有就诊记录,不调整")
    return _("参保人在县域内就诊占 %(rate)s;与预算关联的地方按目标折算,至多 1") % {"rate": _percent(pool.in_region)}


class _Used:
    """The rules of a run by id, those that it recorded."""

    def __init__(self, run: Run) -> None:
        self.recorded: Mapping[str, str] = run.rules

    def __call__(self, *ids: str) -> list[RuleUsed]:
        return used_rules({each: self.recorded[each] for each in ids if each in self.recorded})


def used_rules(recorded: Mapping[str, str]) -> list[RuleUsed]:
    """Rules as a run, a month or a composition recorded them ("version value"), with their labels."""
    known = county_rules().rules
    return [
        RuleUsed(name, known[name].label if name in known else name, text.partition(" ")[0])
        for name, text in recorded.items()
    ]


def named_rules(*ids: str) -> list[RuleUsed]:
    """Rules as they stand now, with their labels."""
    return used_rules(dict.fromkeys(ids, ""))


def _points(points_e4: int) -> str:
    return f"{points_e4 / E4:,.2f}"


def _percent(fraction: str) -> str:
    return f"{float(Fraction(fraction)) * 100:.2f}%"


def _yuan(fen: int) -> str:
    return yuan(fen)
