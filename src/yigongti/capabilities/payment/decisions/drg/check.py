"""What is wrong or doubtful in a scheme, so that it is mended before money hangs on it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from yigongti.capabilities.payment.decisions.drg.conditions import (
    DX_ROLES,
    PROCEDURE_ROLES,
    Always,
    AtLeast,
    Condition,
    Member,
    atoms,
)
from yigongti.capabilities.payment.decisions.drg.scheme import Adrg, Scheme


@dataclass(frozen=True)
class Problem:
    """error: some case may be grouped otherwise than meant; notice: odd, but harmless."""

    severity: Literal["error", "notice"]
    where: str
    text: str

    def __str__(self) -> str:
        return f"{'错误' if self.severity == 'error' else '提示'} {self.where}:{self.text}"


def problems(scheme: Scheme, document: dict[str, Any]) -> list[Problem]:
    """Every problem of a scheme; document: the neutral form it was read from (doubled codes show only there)."""
    return [
        *_unknown_lists(scheme),
        *_unreachable(scheme),
        *_unnamed(scheme),
        *_complications(scheme),
        *_twice(document),
        *_unused(scheme),
    ]


def _error(where: str, text: str) -> Problem:
    return Problem("error", where, text)


def _notice(where: str, text: str) -> Problem:
    return Problem("notice", where, text)


def _conditions(scheme: Scheme) -> Iterator[tuple[str, Condition]]:
    for mdc in scheme.mdcs:
        yield mdc.code, mdc.when
        for step in mdc.steps:
            yield step.code, step.when
            if isinstance(step, Adrg):
                yield from ((drg.code, drg.when) for drg in step.drgs)


def _lists_asked(condition: Condition) -> Iterator[tuple[str, str]]:
    """The lists a condition names, each with the role it is asked in."""
    for atom in atoms(condition):
        if isinstance(atom, Member) and isinstance(atom.codes, str):
            yield atom.codes, atom.role
        elif isinstance(atom, AtLeast):
            yield from ((codes, atom.role) for codes in atom.lists if isinstance(codes, str))


def _unknown_lists(scheme: Scheme) -> Iterator[Problem]:
    asked = {(where, name) for where, condition in _conditions(scheme) for name, _ in _lists_asked(condition)}
    for where, name in sorted(asked):
        listed = scheme.lists.get(name)
        if listed is None:
            yield _error(where, f"条件用到的列表 {name} 不存在,按空列表处理")
        elif not listed.codes and not listed.prefixes:
            yield _error(where, f"条件用到的列表 {name} 是空的")


def _unreachable(scheme: Scheme) -> Iterator[Problem]:
    for mdc in scheme.mdcs:
        closed = ""
        for step in mdc.steps:
            if closed:
                yield _error(step.code, f"永远轮不到:前面的 {closed} 已收下 {mdc.code} 的全部病例")
            elif step.when == Always(True) and (not isinstance(step, Adrg) or _takes_all(step)):
                closed = step.code
    for adrg in scheme.adrgs.values():
        yield from _unreachable_drgs(adrg)
    tried = {step.code for mdc in scheme.mdcs for step in mdc.steps}
    yield from (_error(code, "没有一个 MDC 的步骤用到它") for code in scheme.adrgs if code not in tried)


def _takes_all(adrg: Adrg) -> bool:
    return adrg.otherwise is not None or any(drg.when == Always(True) for drg in adrg.drgs)


def _unreachable_drgs(adrg: Adrg) -> Iterator[Problem]:
    closed = ""
    for drg in adrg.drgs:
        if closed:
            yield _error(drg.code, f"永远轮不到:前面的 {closed} 已无条件收下 {adrg.code} 的全部病例")
        elif drg.when == Always(True):
            closed = drg.code
    if not adrg.drgs and adrg.otherwise is None:
        yield _error(adrg.code, "既没有细分组,也没有约定的组,永远分不出结果")


def _unnamed(scheme: Scheme) -> Iterator[Problem]:
    given = {drg.code: adrg.code for adrg in scheme.adrgs.values() for drg in adrg.drgs}
    for code, adrg in given.items():
        if code not in scheme.names:
            yield _notice(code, f"{adrg} 的这个组没有名称")
    codes = Counter(drg.code for adrg in scheme.adrgs.values() for drg in adrg.drgs)
    yield from (_notice(code, f"在 {count} 处给出") for code, count in codes.items() if count > 1)


def _complications(scheme: Scheme) -> Iterator[Problem]:
    for code in sorted(set(scheme.mcc.by_code) & set(scheme.cc.by_code)):
        yield _error(code, "同时是严重并发症和并发症")
    used = {exclusion for table in (scheme.mcc, scheme.cc) for exclusion in _values(table)}
    voided = {exclusion for lists in _values(scheme.exclusions) for exclusion in lists}
    for exclusion in sorted(used - voided):
        yield _notice(f"排除表 {exclusion}", "没有一个主要诊断在其中:用它的并发症一律计入")
    for exclusion in sorted(voided - used):
        yield _notice(f"排除表 {exclusion}", "没有并发症用到它")


def _values(table: Any) -> list[Any]:
    return [*table.by_code.values(), *table.by_prefix.values()]


def _twice(document: dict[str, Any]) -> Iterator[Problem]:
    for name, codes in document.get("lists", {}).items():
        twice = [code for code, count in Counter(codes).items() if count > 1]
        if twice:
            yield _notice(f"列表 {name}", f"编码重复:{'、'.join(twice[:5])}{' 等' if len(twice) > 5 else ''}")
    mdcs = Counter(mdc.get("code") for mdc in document.get("mdcs", []))
    yield from (_error(code, "这个 MDC 写了两次") for code, count in mdcs.items() if count > 1)


def _unused(scheme: Scheme) -> Iterator[Problem]:
    roles: dict[str, set[str]] = {}
    for _, condition in _conditions(scheme):
        for name, role in _lists_asked(condition):
            roles.setdefault(name, set()).add(role)
    for name in scheme.lists:
        if name not in roles:
            yield _notice(f"列表 {name}", "没有条件用到它")
        elif roles[name] & set(DX_ROLES) and roles[name] & set(PROCEDURE_ROLES):
            yield _error(f"列表 {name}", "既当诊断列表又当手术列表用")
