"""What the capabilities declare, gathered: filled once by the composition root, read by whoever needs all of it.

REGISTRY.collect(import_module("yigongti.capabilities.referral.workflow"))
REGISTRY.workflows["referral"]
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Generic, TypeVar

from yigongti.kernel.facts import FactTable
from yigongti.kernel.workflow import Workflow, problems

if TYPE_CHECKING:
    from yigongti.kernel.indicators import Indicator

Declared = TypeVar("Declared")


class Shelf(Mapping[str, Declared], Generic[Declared]):
    """Declarations of one kind by their id.  An id is declared once: another under the same id is refused."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._found: dict[str, Declared] = {}

    def __getitem__(self, name: str) -> Declared:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def add(self, name: str, declared: Declared) -> None:
        """Raises ValueError where another declaration has the id; the same one again changes nothing."""
        if self._found.setdefault(name, declared) is not declared:
            raise ValueError(f"{self._kind} {name!r} is declared twice")


@dataclass(frozen=True)
class Registry:
    """Every workflow, fact table and indicator of the product by id, and every page's URL name → what it serves."""

    workflows: Shelf[Workflow] = field(default_factory=lambda: Shelf("workflow"))
    facts: Shelf[FactTable] = field(default_factory=lambda: Shelf("fact table"))
    indicators: "Shelf[Indicator]" = field(default_factory=lambda: Shelf("indicator"))
    pages: Shelf[str] = field(default_factory=lambda: Shelf("page"))

    def add_workflow(self, workflow: Workflow) -> None:
        """Raises ValueError with everything that is wrong with the declaration."""
        if found := problems(workflow):
            raise ValueError(f"workflow {workflow.id!r}: " + "; ".join(found))
        self.workflows.add(workflow.id, workflow)

    def collect(self, module: ModuleType) -> None:
        """Take the workflows and fact tables that a module of a capability declares, alone or in tuples."""
        for declared in vars(module).values():
            for one in declared if isinstance(declared, tuple) else (declared,):
                if isinstance(one, Workflow):
                    self.add_workflow(one)
                elif isinstance(one, FactTable):
                    self.facts.add(one.name, one)


REGISTRY = Registry()
"""The product's own; `yigongti.site` fills it when Django is ready."""
