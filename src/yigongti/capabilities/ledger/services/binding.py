"""The ledger's workflows joined to their models, guards and effects."""

from yigongti.capabilities.ledger.models import PolicyDocument, PolicyTask
from yigongti.capabilities.ledger.services import lifecycle, tasks
from yigongti.capabilities.ledger.services.importing import describe
from yigongti.capabilities.ledger.workflow import POLICY_DOCUMENT, POLICY_TASK
from yigongti.spine.cases.bindings import Binding, bind


def bind_workflows() -> None:
    """Use both workflows in this process."""
    bind(
        Binding(
            POLICY_DOCUMENT,
            model=PolicyDocument,
            guards={"all_decided": lifecycle.all_decided, "successor_stands": lifecycle.successor_stands},
            effects={
                "open_tasks": lifecycle.open_tasks,
                "carry_on": lifecycle.carry_on,
                "end_with_it": lifecycle.end_with_it,
            },
            on_open=describe,
        )
    )
    bind(
        Binding(
            POLICY_TASK,
            model=PolicyTask,
            guards={
                "institution_known": tasks.institution_known,
                "outcome_agrees": tasks.outcome_agrees,
                "successor_open": tasks.successor_open,
            },
            on_open=lifecycle.plan,
        )
    )
