"""Referrals, examinations, prescriptions, reports, money and grades, row by row."""

from rowwise.world import World, day_of


def referrals(world: World):
    limit = world.rules["referral.accept_within"].timedelta if "referral.accept_within" in world.rules else None
    for row in world.during("referral", "sent_at"):
        accepted = row["accepted_at"]
        up = row["direction"] == "up"
        yield {
            **row,
            "accepted_in_time": limit is not None and accepted is not None and accepted - row["sent_at"] <= limit,
            "hospital_id": row["to_institution_id"] if up else row["from_institution_id"],
            "groups": world.groups_of_institution(row["from_institution_id"]),
        }


def down_referrals(world: World):
    limit = world.rules["referral.first_follow_up_within"].timedelta
    for row in world.during("referral", "sent_at"):
        if row["direction"] == "down":
            followed = any(
                seen["resident_id"] == row["resident_id"] and 0 <= (seen["day"] - row["on_day"]).days <= limit.days
                for seen in world["follow_up"]
            )
            groups = world.groups_of_institution(row["to_institution_id"])
            yield {**row, "followed_up": followed, "groups": groups}


def exams(world: World):
    hours = world.rules["diagnosis.report_within"].table
    for row in world.during("exam", "ordered_at"):
        since, reported = row["done_at"] or row["ordered_at"], row["reported_at"]
        in_time = reported is not None and (reported - since).total_seconds() <= hours[row["kind"]] * 3600
        yield {
            **row,
            "recognised": row["recognised_exam_id"] is not None,
            "reported_in_time": in_time,
            "groups": world.groups_of_institution(row["ordered_by"]),
        }


def exams_after_exams(world: World):
    days = world.rules["diagnosis.repeat_within"].table
    examined = [row for row in world["exam"] if row["recognised_exam_id"] is None]
    for row in world.during("exam", "ordered_at"):
        before = [
            other for other in examined
            if (other["resident_id"], other["item_code"]) == (row["resident_id"], row["item_code"])
            and (other["ordered_at"], other["exam_id"]) < (row["ordered_at"], row["exam_id"])
        ]  # fmt: skip
        last = max((day_of(other["ordered_at"]) for other in before), default=None)
        recognised = row["recognised_exam_id"] is not None
        soon = last is not None and (row["on_day"] - last).days <= days[row["kind"]]
        repeated = soon and not recognised and row["repeat_reason"] is None
        groups = world.groups_of_institution(row["ordered_by"])
        yield {**row, "recognised": recognised, "repeated": repeated, "groups": groups}


def prescriptions(world: World):
    found = {}
    for line in world.during("prescription_line", "day"):
        found.setdefault((line["prescription_id"], line["institution_id"], line.get("month")), []).append(line)
    for (_, institution_id, month), lines in found.items():
        results = [line["reviewed"] for line in lines]
        yield {
            "month": month,
            "reviewed": "none" not in results,
            "passed": all(result in ("auto_pass", "pharmacist_pass") for result in results),
            "long_term": any(line["long_term"] for line in lines),
            "tcm": any(line["kind"] in ("tcm_patent", "tcm_herbal") for line in lines),
            "institution_kind": world.institution(institution_id)["institution_kind"],
            "groups": world.groups_of_institution(institution_id),
        }


def infectious_reports(world: World):
    urgent = world.rules["surveillance.urgent_diseases"].codes
    for row in world.during("infectious_report", "diagnosed_at"):
        if row["status"] != "deleted":
            rule = "surveillance.urgent_report_within" if row["disease"] in urgent else "surveillance.report_within"
            in_time = row["reported_at"] - row["diagnosed_at"] <= world.rules[rule].timedelta
            yield {**row, "in_time": in_time, "groups": world.groups_of_institution(row["institution_id"])}


def finance(world: World):
    for row in world.during("finance", "month"):
        last = world.monthly or (row["on_day"].year, row["on_day"].month) == (world.end.year, world.end.month)
        yield {**row, "last_month": last, "groups": world.groups_of_institution(row["institution_id"])}


def payroll(world: World):
    for row in world.during("payroll", "month"):
        about = world.institution(row["institution_id"])
        yield {**row, **about, "groups": world.groups_of_institution(row["institution_id"])}


def payroll_by_profession(world: World):
    professions = {person["staff_id"]: person["profession"] for person in world["staff"]}
    for row in payroll(world):
        yield {**row, "profession": professions.get(row["staff_id"])}


def assessments(world: World):
    latest = {}
    for row in world["assessment"]:
        key = (row["consortium_id"], row["indicator"], row["item"])
        if row["day"] <= world.end and (key not in latest or latest[key]["day"] < row["day"]):
            latest[key] = row
    for row in latest.values():
        yield {**row, "implemented": row["grade"] == "implemented", "groups": {"consortium": row["consortium_id"]}}


RELATIONS = {
    "referral": referrals,
    "down_referral": down_referrals,
    "exam": exams,
    "exam_after_exam": exams_after_exams,
    "prescription": prescriptions,
    "infectious_report": infectious_reports,
    "finance": finance,
    "payroll": payroll,
    "payroll_by_profession": payroll_by_profession,
    "assessment": assessments,
}
