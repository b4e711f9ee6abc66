"""What a clearing is given and gives: care, claims and pools; what each line is due, and how a budget was divided."""

from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True)
class Care:
    """An institution's care of one kind for a pool.  weight: points (e4) of stays, contracted people for visits."""

    cases: int = 0
    recorded_fen: int = 0
    self_fen: int = 0
    weight: int = 0


@dataclass(frozen=True)
class Claim:
    """What an institution did for the insured of a pool; in_county: shares the budget; member: of the consortium."""

    institution_id: str
    in_county: bool
    member: bool
    inpatient: Care = field(default=Care())
    outpatient: Care = field(default=Care())

    @property
    def recorded_fen(self) -> int:
        return self.inpatient.recorded_fen + self.outpatient.recorded_fen

    @property
    def cases(self) -> int:
        return self.inpatient.cases + self.outpatient.cases


@dataclass(frozen=True)
class Pool:
    """A budget with the claims on it; in_region: the share of visits that its insured made in the county; quality:
    the factor that a frozen evaluation gives, None where the rule's own number holds."""

    consortium_id: str
    insured_as: str
    scheme: str
    budget_fen: int
    claims: tuple[Claim, ...]
    in_region: Fraction | None = None
    quality: Fraction | None = None


@dataclass(frozen=True)
class Due:
    """What one institution's care entitles it to, in fen.  worth: what its points are worth, its patients' share
    included where points share the total cost; stays: the fund's part of that; visits: for outpatients."""

    worth_fen: int = 0
    stays_fen: int = 0
    visits_fen: int = 0

    @property
    def payable_fen(self) -> int:
        return self.stays_fen + self.visits_fen


@dataclass(frozen=True)
class Line:
    """What one institution gets of a pool, in fen; points in ten-thousandths."""

    claim: Claim
    due: Due
    surplus_kept_fen: int = 0
    overrun_borne_fen: int = 0
    final_fen: int = 0

    @property
    def payable_fen(self) -> int:
        return self.due.payable_fen


@dataclass(frozen=True)
class Account:
    """How a pool's budget was divided before anything was cleared: reserved, spent outside the county, shared (for
    stays and for visits), and the factors that surplus and overrun are multiplied by."""

    reserved_fen: int
    outside_fen: int
    stays_fen: int
    visits_fen: int
    quality: Fraction
    tie: Fraction


@dataclass(frozen=True)
class Cleared:
    """A pool cleared: its lines by institution, what the fund keeps and bears, and how the budget was divided."""

    pool: Pool
    lines: tuple[Line, ...]
    kept_by_fund_fen: int
    fund_share_fen: int
    account: Account

    @property
    def final_fen(self) -> int:
        return sum(line.final_fen for line in self.lines)
