"""Reference of indicators and workflows, as they are declared."""

from collections.abc import Mapping
from typing import Any

from yigongti.capabilities.measure.services.catalogue import catalogue
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.workflow import Workflow, diagram, permissions
from yigongti.site.reference.markdown import page, table


def indicators_page() -> str:
    """Every indicator with its definition, unit, groups, rules and source."""
    sections = [_indicator(each) for each in catalogue()]
    return page("指标 Indicators", "每个指标一个定义。由 `yigongti why 编号` 可以看到查询与背后的记录。", *sections)


NAMES = {
    "label_en": "English", "definition": "定义", "definition_en": "Definition", "dimension": "维度", "unit": "单位",
    "better": "导向", "kind": "种类", "group_by": "可分组", "source": "依据", "target": "目标规则", "rules": "参数规则",
    "needs": "需要的事实", "serves": "服务的条款",
}  # fmt: skip


def _indicator(each: Mapping[str, Any]) -> str:
    rows = [(label, _told(each[name])) for name, label in NAMES.items() if each.get(name)]
    return f"## {each['label']} `{each['id']}`\n\n" + table(("", ""), rows)


def _told(value: Any) -> str:
    return "、".join(sorted(map(str, value))) if isinstance(value, list | tuple | set | frozenset) else str(value)


def workflows_page() -> str:
    """Every workflow with its states, steps, roles and deadlines."""
    sections = [_workflow(REGISTRY.workflows[name]) for name in sorted(REGISTRY.workflows)]
    return page("流程 Workflows", "每项服务声明一次;每个状态都能到达终点。", *sections)


def _workflow(workflow: Workflow) -> str:
    states = workflow.states
    rows = [
        (each.label, states[each.source], states[each.target], each.role, each.side) for each in permissions(workflow)
    ]
    head = ("步骤", "从", "到", "角色", "方")
    return f"## {workflow.label} `{workflow.id}`\n\n```mermaid\n{diagram(workflow)}```\n\n{table(head, rows)}"
