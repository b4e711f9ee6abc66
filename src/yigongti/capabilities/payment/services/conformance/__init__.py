"""The open conformance suite: cases with expected results, run against this product or anybody's command.

The cases are plain files under `conformance/`; its README tells the protocol.  `read_suites` reads them, `run` runs
them by an answerer: `answer` (this product, in the process) or `Command` (any program).  Of this product payment
answers what is in ANSWERS.
"""

from yigongti.capabilities.payment.services.conformance.answering import ANSWERS, answer
from yigongti.capabilities.payment.services.conformance.commands import Command
from yigongti.capabilities.payment.services.conformance.running import Outcome, Report, run
from yigongti.capabilities.payment.services.conformance.suites import SUITES, Case, Suite, read_suites

__all__ = ["ANSWERS", "SUITES", "Case", "Command", "Outcome", "Report", "Suite", "answer", "read_suites", "run"]
