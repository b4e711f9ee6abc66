"""One month of the county's care, written to the fact tables."""

from yigongti.demo.care import (
    charges,
    exams,
    followups,
    infections,
    prescriptions,
    pressures,
    referrals,
    stay_rows,
    visit_rows,
)
from yigongti.demo.care.attendance import Attended, attend
from yigongti.demo.care.billing import Bill, bill
from yigongti.demo.care.course import Course
from yigongti.demo.care.treatment import Treated, treat
from yigongti.demo.means.ledger import INPATIENT, OUTPATIENT
from yigongti.demo.plants.charges import SWAPPED, SWAPPED_NAME


def run(month: int, course: Course) -> None:
    """Write one month of follow-ups, visits, stays, what was done and charged at them, and reports."""
    follow_ups = followups.due(month, course.enrolments, course.world, extra=course.extra_follow_ups)
    attended = attend(month, follow_ups, course)
    treated = treat(attended, course)
    billed = bill(attended, treated, course)
    _write_follow_ups(follow_ups, attended, course)
    _write_encounters(attended, billed, course)
    _write_treatment(attended, treated, billed, course)
    _write_reports(attended, course)
    _remember(attended, treated, billed, course)


def _write_follow_ups(found: followups.FollowUps, attended: Attended, course: Course) -> None:
    write, world = course.tables.write, course.world
    rng = world.streams.of("measurements", attended.month)
    write("follow_up", followups.columns(found, course.enrolments, stamp=attended.stamp, world=world, rng=rng))
    write("measurement", followups.measured(found, course.enrolments, world=world, rng=rng))
    rng = world.streams.of("pressures", attended.month)
    write("measurement", pressures.at_visits(attended.visits, world=world, rng=rng))


def _write_encounters(attended: Attended, billed: Bill, course: Course) -> None:
    write, world = course.tables.write, course.world
    rng = world.streams.of("visit referrals", attended.month)
    behind = referrals.behind_visits(attended.visits, stamp=attended.stamp, world=world, rng=rng)
    write("referral", referrals.columns(behind, world))
    write("visit", visit_rows.columns(attended, billed, world=world, referral=behind.ids))
    write("stay", stay_rows.columns(attended, billed, course))
    write("procedure", stay_rows.procedure_columns(attended, course))


def _write_treatment(attended: Attended, treated: Treated, billed: Bill, course: Course) -> None:
    """Exams, prescriptions and charges; a visit's prescription and charges are by the same prescriber."""
    write, world = course.tables.write, course.world
    rng = world.streams.of("rows", attended.month)
    prescriber = world.staff.prescriber_at(attended.encounters.institution, rng.random(len(attended.encounters)))
    write("exam", exams.columns(treated.exams, attended.encounters, world=world, by=course.reading, rng=rng))
    about = prescriptions.About(
        attended.stamp, attended.years, attended.encounters.ids, visit_rows.diagnoses(attended.visits), prescriber
    )
    write(
        "prescription_line",
        prescriptions.columns(treated.prescribed, attended.visits, about=about, world=world, by=course.review, rng=rng),
    )
    write("charge", charges.columns(
        billed.lines, attended.encounters, stamp=attended.stamp, fund=charges.spread(billed.lines, billed.fund),
        prescriber=prescriber, world=world, renamed={SWAPPED: SWAPPED_NAME}))  # fmt: skip


def _write_reports(attended: Attended, course: Course) -> None:
    rng = course.world.streams.of("reports", attended.month)
    table, made = infections.columns(attended.visits, stamp=attended.stamp, world=course.world, rng=rng)
    course.tables.write("infectious_report", table)
    course.found.note_reports(made, attended.visits)


def _remember(attended: Attended, treated: Treated, billed: Bill, course: Course) -> None:
    """Add to the books what was charged and what the fund paid, and note what was planted."""
    first, stays = attended.first_stay, attended.stays
    course.ledger.add_charges(billed.lines, attended.encounters)
    course.ledger.add_fund(attended.visits.resident, attended.visits.day, billed.fund[:first], scheme=OUTPATIENT)
    course.ledger.add_fund(stays.resident, stays.discharged, billed.fund[first:], scheme=INPATIENT)
    course.found.note_visits(attended.visits, attended.stamp)
    course.found.note_charges(billed.lines, attended.stamp)
    course.found.note_prescriptions(treated.prescribed, attended.stamp)
