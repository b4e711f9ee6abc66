"""Issuing the yearly statements of fees: once a year is over, final, corrected only by a statement that follows.

issue(2025, by=…, at=…)                          # every team that has contracts and no statement yet
correct(statement, reason="…", by=…, at=…)       # a new one, with the difference
"""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from yigongti.capabilities.contract.models import IssuedStatement, Team
from yigongti.capabilities.contract.selectors.sheets import digest, sheet_of
from yigongti.capabilities.contract.selectors.statements import statements
from yigongti.capabilities.contract.services.measuring import measure
from yigongti.kernel.clock import day_of
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.roles import Role
from yigongti.spine.access.scope import accounts_at, may
from yigongti.spine.audit import trail
from yigongti.spine.notices.inbox import notify

ISSUERS = frozenset({Role.BUREAU})
"""Who issues statements: the county, for all teams."""
TOLD = (Role.FAMILY_DOCTOR, Role.MANAGER)


@transaction.atomic
def issue(year: int, *, by: Any, at: datetime) -> list[IssuedStatement]:
    """Issue the year's statement of every team that has contracts of the year and none yet.

    Raises NotAllowed for who may not, Refusal while the year lasts or where nothing is left to issue.
    """
    today = _may_issue(year, by=by, at=at)
    done = IssuedStatement.objects.filter(year=year).values("team")
    measure(year, today=today)
    found = statements(Team.objects.exclude(pk__in=done).select_related("institution"), year=year)
    made = [_keep(sheet_of(each), each.team, None, "", by=by, at=at) for each in found if each.contracts]
    if not made:
        raise Refusal(
            f"{year} 年没有待定稿的结算单", where="签约服务费", why="有签约的团队都已定稿,或者这一年没有签约",
            remedy="数据有变化时,请在团队的结算单上更正",
        )  # fmt: skip
    return made


@transaction.atomic
def correct(statement: IssuedStatement, *, reason: str, by: Any, at: datetime) -> IssuedStatement:
    """Follow a team's latest statement by one of the facts as they are now; it tells the difference.

    Raises NotAllowed for who may not, without a reason, or for one that has been corrected; Refusal where it rests on
    the same facts and rules.
    """
    today = _may_issue(statement.year, by=by, at=at)
    if not reason.strip():
        raise NotAllowed("请写明更正原因", where="更正原因", remedy="例如“补传了 12 月的随访记录”")
    if IssuedStatement.objects.filter(corrects=statement).exists():
        raise NotAllowed(f"第 {statement.number} 号结算单已经更正过", where=str(statement), remedy="请更正最新的一号")
    measure(statement.year, today=today)
    (now,) = statements([statement.team], year=statement.year)
    sheet = sheet_of(now)
    if digest(sheet) == statement.digest:
        raise Refusal(
            "依据没有变化,不必更正", where=str(statement), why="签约、质量、成员和规则都与定稿时相同",
            remedy="请先补正数据",
        )  # fmt: skip
    return _keep(sheet, statement.team, statement, reason.strip()[:300], by=by, at=at)


def _may_issue(year: int, *, by: Any, at: datetime) -> date:
    """The day, if it is a day for it and somebody who may."""
    today = day_of(at)
    if not may(by, ISSUERS):
        raise NotAllowed("结算单由卫生健康局定稿和更正", where=f"{year} 年", remedy="请联系卫生健康局")
    if date(year, 12, 31) >= today:
        raise Refusal(f"{year} 年还没有结束", where="签约服务费", why="考核按全年", remedy="请在年度结束后定稿")
    return today


def _keep(
    sheet: dict[str, Any], team: Team, corrects: IssuedStatement | None, reason: str, *, by: Any, at: datetime
) -> IssuedStatement:
    year, number = sheet["year"], corrects.number + 1 if corrects else 1
    try:
        with transaction.atomic():
            made: IssuedStatement = IssuedStatement.objects.create(
                team=team, year=year, number=number, corrects=corrects, reason=reason, total_fen=sheet["total_fen"],
                difference_fen=sheet["total_fen"] - (corrects.total_fen if corrects else 0), sheet=sheet,
                digest=digest(sheet), issued_at=at, issued_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise NotAllowed(f"{team.name} {year} 年的第 {number} 号结算单刚由他人定稿", remedy="请刷新后再看") from error
    _tell(made, by=by, at=at)
    return made


def _tell(made: IssuedStatement, *, by: Any, at: datetime) -> None:
    about = f"team:{made.team_id}"
    detail = {"year": made.year, "number": made.number, "total_fen": made.total_fen, "digest": made.digest}
    trail.record("contract_fee_issued", actor=by.username, at=at, subject=about, detail=detail)
    text = f"{made.team.name} {made.year} 年签约服务费第 {made.number} 号结算单已定稿"
    notify(accounts_at(made.team.institution_id, roles=TOLD), kind="contract_fee", text=text, at=at, subject=about)
