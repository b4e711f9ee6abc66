"""A stored run worked out again from the facts and rules it recorded, and compared bit for bit."""

from dataclasses import dataclass

from yigongti import __version__
from yigongti.capabilities.payment.models import Run
from yigongti.capabilities.payment.services.runs import inputs
from yigongti.capabilities.payment.services.settle import Given, book_of, pack_of, settle
from yigongti.kernel.errors import Refusal
from yigongti.kernel.rules import RuleBook
from yigongti.spine.county_rules import county_rules
from yigongti.spine.home import home


@dataclass(frozen=True)
class Reproduction:
    """A run worked out again; changed: rules that are no longer what the run recorded (id → recorded, now);
    kept_file_is_whole: whether the file of stays is the one that was written."""

    run_id: str
    recorded_hash: str
    hash: str
    changed: tuple[tuple[str, str, str], ...]
    kept_file_is_whole: bool
    recorded_version: str
    code_version: str

    @property
    def is_identical(self) -> bool:
        """Whether every line and every stay came out as it was, bit for bit."""
        return self.recorded_hash == self.hash and self.kept_file_is_whole


def reproduce(run_id: str) -> Reproduction:
    """Work a run out again.  Raises Refusal where there is no such run, or (InputsGone) its facts are not there any
    more, or are not what they were."""
    run = Run.objects.filter(pk__startswith=run_id).first() if run_id else None
    if run is None:
        raise Refusal(f"没有编号为“{run_id}”的结算批次", remedy="编号见 yigongti settle 的 run")
    again = settle(
        run.year,
        book=_book(run),
        sources=inputs.recorded(run),
        home=home().path,
        given=Given.from_dict(run.given),
        known_on=run.known_on,
    )
    changed = tuple(
        (name, text, again.rules.get(name, "")) for name, text in run.rules.items() if again.rules.get(name) != text
    )
    path = home().path / run.cases_file
    whole = path.exists() and inputs.digest_of(path) == run.cases_sha256
    return Reproduction(
        run.pk, run.result_hash, again.result_digest, changed, whole, run.code_version, __version__
    )  # fmt: skip


def _book(run: Run) -> RuleBook:
    book = county_rules()
    return book if pack_of(book) == run.pack else book_of(run.pack)
