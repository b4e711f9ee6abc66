"""Where a referral stands, in words that tell the patient what to do now."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

WHAT_NOW: Mapping[str, str] = {
    "draft": gettext_noop("您的医生正在填写转诊单,您先不用做什么。"),
    "emergency": gettext_noop("按急症办理。请马上就医,不要等通知;病情加重拨打 120。"),
    "sent": gettext_noop("转诊单已送到对方机构,请等对方答复;有答复会通知您,不用自己跑。"),
    "queried": gettext_noop("对方机构请您的医生补充情况,您不用做什么;医生可能会联系您。"),
    "accepted": gettext_noop("对方机构已接收。请按安排的时间,带身份证和医保凭证前往。"),
    "certified": gettext_noop("县外就医已备案。请带身份证和医保凭证前往,可直接结算。"),
    "arrived": gettext_noop("您已到院,正在诊治。"),
    "away": gettext_noop("您正在县外就医。回来后请联系您的家庭医生。"),
    "referred_on": gettext_noop("已继续转往上级机构。"),
    "returned": gettext_noop("治疗告一段落,资料已交回您的医生。请照下面的安排用药和复查,等医生联系。"),
    "taken_over": gettext_noop("您的医生已接手,会按时随访。"),
    "village_care": gettext_noop("村医已接手,会按时随访。"),
    "followed_up": gettext_noop("随访已做,请继续照医生的安排。"),
    "closed": gettext_noop("这次转诊已经完成。"),
    "declined": gettext_noop("对方机构这次没有接收,原因见“经过”。请联系您的医生另作安排。"),
    "cancelled": gettext_noop("这次转诊已取消。需要时请联系您的医生。"),
    "expired": gettext_noop("这次转诊已失效。仍需转诊的,请联系您的医生重新办理。"),
    "not_arrived": gettext_noop("没有按安排到诊。仍需转诊的,请联系您的医生重新办理。"),
    "ended": gettext_noop("这次转诊在医院终结。"),
}
"""State of a referral, in whatever direction → what it means for the patient."""


def what_now(state: str) -> str:
    """The sentence for a state; "" for one that is not known."""
    return _(WHAT_NOW[state]) if state in WHAT_NOW else ""
