"""The auditor's page: who read or changed what, searched and exported; looking at it is audited too."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from yigongti.kernel.clock import COUNTY_TIME
from yigongti.pages.tables import Column, Table, answer
from yigongti.site.security.forms import Sought
from yigongti.spine.audit import trail
from yigongti.spine.audit.models import AuditRecord

ACTIONS = {
    "read_person": _("查阅档案"),
    "read_person_refused": _("查阅档案被拒"),
    "read_case": _("查看事项"),
    "case_step": _("办理事项"),
    "break_glass": _("紧急查阅"),
    "break_glass_refused": _("紧急查阅被拒"),
    "find_people": _("查找居民"),
    "load_files": _("装载文件"),
    "settle_quarantined_rows": _("处理隔离行"),
    "export_quarantined_rows": _("下载隔离行"),
    "export_rows": _("导出明细"),
    "sign_in": _("登录"),
    "sign_out": _("退出"),
    "change_password": _("修改密码"),
    "enrol_second_factor": _("启用第二重验证"),
    "create_account": _("建立账号"),
    "grant_role": _("授予角色"),
    "withdraw_role": _("收回角色"),
    "set_password": _("重设密码"),
    "forget_second_factor": _("解除第二重验证"),
    "switch_off_account": _("停用账号"),
    "switch_on_account": _("启用账号"),
    "issue_token": _("签发接口令牌"),
    "revoke_token": _("吊销接口令牌"),
    "use_token": _("使用接口令牌"),
    "booking_step": _("办理预约"),
    "read_booking": _("查看预约"),
    "read_waiting": _("查看候补"),
    "join_waiting_list": _("登记候补"),
    "leave_waiting_list": _("退出候补"),
    "add_resource": _("登记可预约资源"),
    "add_template": _("新增排班"),
    "end_template": _("结束排班"),
    "except_day": _("临时安排排班"),
    "rate_service": _("提交服务评价"),
    "rotate_identity_key": _("更换身份密钥"),
    "read_audit": _("查看审计"),
    "contract_item_entered": _("登记签约履约"),
    "contract_item_confirmed": _("居民认可签约履约"),
    "contract_item_disputed": _("居民对签约履约有异议"),
    "contract_team": _("维护家庭医生团队"),
    "contract_member_joined": _("成员加入团队"),
    "contract_member_left": _("成员退出团队"),
    "contract_team_closed": _("停止家庭医生团队"),
    "open_contract": _("查看装载的签约"),
    "contract_fee_issued": _("定稿签约服务费结算单"),
}


def audit(request: Any) -> HttpResponse:
    """The trail, latest first, narrowed by what the form says."""
    form = Sought(request.GET or None)
    sought = {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    trail.record("read_audit", actor=request.user.username, detail=sought)
    table = Table("audit", _COLUMNS, rows=_found(sought), sort="-at", empty=str(_("没有这样的审计记录")))
    return answer(request, "security/audit.html", table, form=form)


_COLUMNS = (
    Column("at", _("时间")),
    Column("actor", _("操作者")),
    Column("action", _("操作"), value=lambda record: str(ACTIONS.get(record.action, record.action))),
    Column("subject", _("对象")),
    Column("resident_id", _("居民编号")),
    Column("detail", _("详情"), order=None),
)


def _found(sought: Mapping[str, Any]) -> QuerySet:
    exact = {name: sought[name] for name in ("actor", "resident_id") if name in sought}
    found = AuditRecord.objects.filter(**exact)
    if "action" in sought:
        labels = {str(label): action for action, label in ACTIONS.items()}
        found = found.filter(action=labels.get(sought["action"], sought["action"]))
    if "since" in sought:
        found = found.filter(at__gte=_midnight(sought["since"]))
    if "until" in sought:
        found = found.filter(at__lt=_midnight(sought["until"] + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=COUNTY_TIME)
