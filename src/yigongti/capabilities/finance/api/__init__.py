"""The door of the consortium's money for other capabilities: how a surplus is distributed."""

from yigongti.capabilities.finance.decisions.surplus import Distribution, Member, distributed

__all__ = ["Distribution", "Member", "distributed"]
