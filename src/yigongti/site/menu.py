"""The product's menu: which pages stand in the side bar, in what order.  Roles come from the pages themselves."""

from collections.abc import Collection, Sequence
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from yigongti.kernel.roles import Role
from yigongti.pages.menu import Entry, Section, drawn, visible

LEDGER = (
    "ledger_calendar", "ledger_overdue", "ledger_unit", "ledger_differences", "policy_task", "policy_documents",
    "policy_import", "policy_document", "policy_review", "policy_coverage", "policy_report",
)  # fmt: skip
"""The pages below the ledger's board."""

CONTRACTS = ("contract_due", "contract_costs", "contract_referred", "contract_new", "contract_item")
TEAMS = ("team", "team_new", "packages", "package", "package_edit")

SETTLEMENT = (
    "settlement", "settlement_pool", "settlement_line", "settlement_cases", "settlement_case", "settlement_statement",
    "settlement_difference",
)  # fmt: skip
"""The pages below the settlement workbench."""

BOOKING = (
    "booking_book", "booking_day", "booking_waiting", "booking_waits", "booking_wait", "resources", "resource",
    "resource_new", "booking", "booking_move",
)  # fmt: skip
"""The pages below the search for a slot."""

PORTAL = (
    "portal_seek", "portal_bookings", "portal_record", "portal_results", "portal_readers", "portal_contract",
    "portal_referrals", "portal_rate", "portal_complaints", "portal_family",
)  # fmt: skip
"""The resident's pages, as far as clauses name them."""

MENU = (
    Section("", (Entry("cockpit", _("驾驶舱"), icon="layout-dashboard"),)),
    Section("", (Entry("portal", _("居民服务"), icon="home-heart", also=PORTAL),)),
    Section(
        _("工作"),
        (
            Entry("work", _("事项"), icon="checklist", also=("work_case", "work_step", "work_new", "work_statistics")),
            Entry("booking_search", _("预约"), icon="calendar-event", also=BOOKING),
        ),
    ),
    Section(
        _("双向转诊"),
        (
            Entry(
                "referral_desk",
                _("转诊"),
                icon="arrows-exchange",
                also=("referral_new", "referral_handover"),
            ),
            Entry("referral_statistics", _("转诊统计"), icon="chart-bar"),
        ),
    ),
    Section(
        _("家庭医生"),
        (
            Entry("contracts", _("签约居民"), icon="heart-handshake", also=CONTRACTS),
            Entry("teams", _("团队与服务包"), icon="users-group", also=TEAMS),
            Entry("contract_fees", _("签约服务费"), icon="receipt", also=("contract_fee",)),
        ),
    ),
    Section(
        _("监测评价"),
        (
            Entry("indicators", _("指标"), icon="chart-line", also=("indicator",)),
            Entry("evaluations", _("监测与评价"), icon="clipboard-check", also=("evaluation",)),
            Entry("warnings", _("预警"), icon="alert-triangle", also=("warning",)),
        ),
    ),
    Section(
        _("县域"),
        (
            Entry(
                "institutions",
                _("机构与覆盖"),
                icon="building-hospital",
                also=("institution", "villages", "incomplete_institutions"),
            ),
            Entry("residents", _("居民档案"), icon="users", also=("record", "emergency", "consent")),
        ),
    ),
    Section(
        _("医保支付"),
        (
            Entry("settlements", _("结算工作台"), icon="report-money", also=SETTLEMENT),
            Entry("settlement_months", _("月度结算与预警"), icon="calendar-dollar", also=("settlement_month",)),
            Entry("settlement_budgets", _("总额测算"), icon="coins"),
            Entry("settlement_whatif", _("假设试算"), icon="adjustments"),
            Entry("special_cases", _("特例单议"), icon="gavel"),
            Entry("groups", _("病组分析"), icon="chart-bubble", also=("group_figure", "group_lines", "group_rows")),
            Entry("coding", _("编码台"), icon="clipboard-text"),
        ),
    ),
    Section(
        _("医共体财务"),
        (
            Entry("finance", _("财务总览"), icon="building-bank", also=("finance_statement",)),
            Entry("finance_sharings", _("分摊与分配"), icon="chart-pie", also=("finance_new", "finance_sharing")),
            Entry("finance_pool", _("资金池"), icon="pig-money"),
        ),
    ),
    Section(
        _("基金监管"),
        (
            Entry("supervision", _("风险看板"), icon="radar", also=("supervision_sweep", "detectors", "detector")),
            Entry("leads", _("监管线索"), icon="zoom-exclamation"),
            Entry("recovery", _("追回台账"), icon="cash-banknote"),
            Entry("rule_base", _("规则库"), icon="books", also=("rule_base_import",)),
            Entry("inspections", _("双随机抽查"), icon="arrows-shuffle", also=("inspection", "inspection_draw")),
        ),
    ),
    Section(
        _("数据"),
        (
            Entry("loads", _("数据接入"), icon="database-import", also=("load", "upload")),
            Entry("quarantine", _("隔离区"), icon="database-x", also=("quarantined",)),
        ),
    ),
    Section(
        _("政策"),
        (
            Entry("ledger", _("政策台账"), icon="clipboard-list", also=LEDGER),
            Entry("rules", _("规则"), icon="ruler-2", also=("rule",)),
            Entry("documents", _("文件"), icon="file-text", also=("document",)),
            Entry("coverage", _("条款覆盖"), icon="checkbox", also=("requirement",)),
        ),
    ),
    Section(
        _("系统"),
        (
            Entry("accounts", _("账号"), icon="user-cog", also=("account",)),
            Entry("audit", _("审计"), icon="shield-check"),
            Entry("outbox", _("外发消息"), icon="mail"),
        ),
    ),
)

ACCOUNT = (
    Entry("password_change", _("修改密码"), icon="password"),
    Entry("second_factor_enrol", _("第二重验证"), icon="shield-lock"),
    Entry("tokens", _("接口令牌"), icon="api"),
)
"""What stands under one's own name."""


def menu_for(roles: Collection[Role]) -> list[Section]:
    """What a person with these roles finds in the side bar."""
    return visible(MENU, roles=roles)


@lru_cache(maxsize=2000)
def menu_drawn(roles: frozenset[Role], *, at: str, language: str) -> SafeString:
    """The side bar as markup, on the page with this URL name.  Nothing else has a part in it, so it is kept: to draw
    it costs as much as a page does otherwise."""
    with override(language):
        return drawn(menu_for(roles), at=at)


@lru_cache(maxsize=200)
def account_menu_for(roles: frozenset[Role]) -> Sequence[Entry]:
    """What a person with these roles finds under their own name."""
    return [entry for section in visible([Section("", ACCOUNT)], roles=roles) for entry in section.entries]
