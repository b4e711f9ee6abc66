"""Judgements about measured numbers: pure, on one number or on all of a run."""

from yigongti.capabilities.measure.decisions.early_warning import RULES, Alert, KindOfWarning, Measured, early_warnings

__all__ = ["RULES", "Alert", "KindOfWarning", "Measured", "early_warnings"]
