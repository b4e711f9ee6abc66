"""按病种分值付费(DIP): catalogues made from stays, and stays scored by them, as the working rules have it."""

import json
from datetime import date
from fractions import Fraction

import pyarrow as pa
import pyarrow.csv
import pytest
from typer.testing import CliRunner

from yigongti.capabilities.payment.decisions.dip import build, compared, read_catalogue, score
from yigongti.capabilities.payment.decisions.dip.coefficient import Profile, coefficient
from yigongti.kernel.errors import FileRefused, Refusal
from yigongti.kernel.facts.county import COUNTY
from yigongti.kernel.rules import RuleBook
from yigongti.site.command_line.main import app

BOOK = RuleBook.load()
RULES = BOOK.on(date(2025, 12, 31))
LEVELS = {"H": "secondary", "T": "primary"}


def stays(*several, number=1, start=0, **more):
    """Rows of stays: `number` of each, numbered on from `start`."""
    row = {
        "resident_id": None, "institution_id": "H", "admitted_on": date(2025, 5, 1), "discharged_on": date(2025, 5, 7),
        "discharge_way": "1", "dx": ["J18.900"], "procedures": [], "age_years": 40, "age_days": None,
        "tcm": False, "total_fen": 500_000, "operation_level": None,
    }  # fmt: skip
    rows = [{**row, **more, **each} for each in several or ({},) for _ in range(number)]
    return [{"stay_id": f"s{start + at}", **each, "resident_id": f"r{start + at}"} for at, each in enumerate(rows)]


def table(*parts):
    rows = [row for part in parts for row in part]
    return pa.Table.from_pylist([{**row, "stay_id": f"s{at}"} for at, row in enumerate(rows)])


def groups_of(catalogue):
    return {group.id: group for group in catalogue.groups}


def test_fifteen_cases_make_a_core_group_and_fewer_gather_by_treatment():
    catalogue = build(table(stays(number=15), stays(number=14, dx=["J20.900"])), rules=RULES)
    assert {name: group.kind for name, group in groups_of(catalogue).items()} == {
        "J18.9": "core",
        "*~conservative": "composite",
    }


def test_a_composite_group_is_as_near_to_the_diagnosis_as_its_cases_allow():
    near, far = stays(number=14, dx=["J20.900"]), stays(number=1, dx=["J20.000"])
    assert "J20~conservative" in groups_of(build(table(near, far), rules=RULES))


def test_procedures_make_groups_of_their_own_with_the_related_ones():
    both, main = stays(number=15, procedures=["51.2300", "88.7600"]), stays(number=15, procedures=["51.2300"])
    found = groups_of(build(table(both, main, stays(number=15)), rules=RULES))
    assert {name: group.treatment for name, group in found.items()} == {
        "J18.9:51.23+88.76": "surgery",
        "J18.9:51.23": "surgery",
        "J18.9": "conservative",
    }


def test_the_main_procedure_gathers_what_combinations_are_too_rare_for():
    rare = [stays(number=5, procedures=["51.2300", other]) for other in ("88.7600", "87.4400", "89.5200")]
    assert [*groups_of(build(table(*rare), rules=RULES))] == ["J18.9:51.23"]


def test_the_score_is_cost_per_case_over_that_of_all_cases_with_years_weighted_one_two_seven():
    def of_year(year, fen, dx):
        return stays(number=20, dx=[dx], total_fen=fen, admitted_on=date(year, 5, 1), discharged_on=date(year, 5, 7))

    pneumonia = [of_year(year, fen, "J18.900") for year, fen in ((2023, 100_000), (2024, 200_000), (2025, 300_000))]
    others = [of_year(year, 300_000, "I10.x00") for year in (2023, 2024, 2025)]
    catalogue = build(table(*pneumonia, *others), rules=RULES)
    mean = Fraction(1 * 100_000 + 2 * 200_000 + 7 * 300_000, 10)
    overall = Fraction(1 * 200_000 + 2 * 250_000 + 7 * 300_000, 10)
    assert catalogue.years == (2023, 2024, 2025)
    assert groups_of(catalogue)["J18.9"].mean_fen == mean
    assert groups_of(catalogue)["J18.9"].score_e4 == round(mean / overall * 1000 * 10_000)


def test_the_report_says_what_was_covered_and_what_was_left_out():
    parts = stays(number=20), stays(dx=[]), stays(total_fen=0), stays(admitted_on=date(2025, 1, 1))
    report = build(table(*parts), rules=RULES).report
    assert report["left_out"] == {"no_diagnosis_or_cost": 2, "before_three_years": 0, "too_long": 1}
    assert (report["counted"], report["core_share"], report["core_share_met"]) == (20, 1.0, True)


def scored(row, catalogue, **more):
    return score(table(stays(row)), catalogue, rules=RULES, **more).table.to_pylist()[0]


@pytest.mark.parametrize(
    ("fen", "share"), [(250_000, 0.5), (100_000, 0.2), (250_001, 1), (999_999, 1), (1_000_000, 1), (1_500_000, 2)]
)
def test_cases_that_cost_far_less_or_more_count_by_their_deviation(fen, share):
    catalogue = build(table(stays(number=20)), rules=RULES)
    found = scored({"total_fen": fen}, catalogue)
    assert found["score"] == 1000
    assert found["adjusted_score"] == pytest.approx(1000 * share)
    assert len(found["reasons"]) == (1 if share == 1 and fen < 1_000_000 else 2)


def test_a_case_is_held_against_last_years_mean_at_its_level():
    dear, cheap = stays(number=20, total_fen=800_000), stays(number=20, institution_id="T", total_fen=200_000)
    catalogue = build(table(dear, cheap), rules=RULES, levels=LEVELS)
    assert groups_of(catalogue)["J18.9"].means_fen == {"": 500_000, "primary": 200_000, "secondary": 800_000}
    assert scored({"institution_id": "T", "total_fen": 400_000}, catalogue)["adjusted_score"] == 1000
    assert scored({"institution_id": "H", "total_fen": 400_000}, catalogue)["adjusted_score"] == 500


def test_base_level_diseases_pay_the_same_at_every_level():
    catalogue = build(
        table(stays(number=20, dx=["J06.900"]), stays(number=20, institution_id="T"), stays(number=20)),
        rules=RULES, levels=LEVELS,
    )  # fmt: skip
    assert scored({"dx": ["J06.900"]}, catalogue)["adjusted_score"] == 1000
    assert scored({}, catalogue)["adjusted_score"] == 720
    assert scored({"institution_id": "T"}, catalogue)["adjusted_score"] == 550


def test_of_several_auxiliary_catalogues_the_highest_coefficient_counts():
    plain, old = stays(number=60), stays(number=20, age_years=80, total_fen=600_000)
    grave = stays(number=20, dx=["J18.900", "I50.900"], total_fen=700_000)
    catalogue = build(table(plain, old, grave), rules=RULES)
    assert catalogue.auxiliary["J18.9/age/elder"] == round(Fraction(600_000, 560_000) * 10_000)
    found = scored({"age_years": 80, "dx": ["J18.900", "I50.900"]}, catalogue)
    assert found["adjusted_score"] == 1250
    assert "疾病严重程度(中度 II)系数 1.25" in found["reasons"][-1]


def test_a_complication_of_the_principal_diagnosiss_own_category_does_not_count():
    grave = stays(number=20, dx=["I50.900", "I50.100"]), stays(number=20, dx=["I50.900", "J96.000"])
    catalogue = build(table(*grave), rules=RULES)
    assert {name for name in catalogue.auxiliary if "/severity/" in name} == {"I50.9/severity/III"}


def test_tumours_have_severities_of_their_own():
    kinds = {
        "V-B": {"dx": ["Z51.100"]},
        "IV": {"dx": ["C34.900", "C78.000"]},
        "VI-B": {"dx": ["C34.900"], "discharge_way": "5"},
    }
    plain = [stays(number=20, dx=[dx]) for dx in ("C34.900",)]
    catalogue = build(table(*plain, *(stays(row, number=20) for row in kinds.values())), rules=RULES)
    assert {name.rpartition("/")[2] for name in catalogue.auxiliary if "/tumour/" in name} == {"IV", "VI-B"}


def test_a_case_without_a_group_counts_by_its_cost():
    catalogue = build(table(stays(number=20)), rules=RULES)
    found = scored({"dx": ["Z99.000"], "procedures": ["36.0600"], "total_fen": 1_000_000}, catalogue)
    assert (found["group"], found["kind"], found["score"], found["adjusted_score"]) == (None, None, 0, 1400)


def profile(**shares):
    same = {name: Fraction(1, 10) for name in ("children", "elderly", "tcm")}
    return Profile(**{"case_mix": Fraction(1), **same, **shares})


def test_the_coefficient_of_an_institution_as_xiamen_has_it():
    own = profile(case_mix=Fraction(112, 100), children=Fraction(125, 1000), elderly=Fraction(13, 100))
    steps = coefficient(own, peers=profile(), level="secondary", rules=RULES)
    assert steps.steps == {"base": 7200, "case_mix": 200, "children": 200, "elderly": 100, "tcm": 0}
    assert steps.total_e4 == 7700
    assert coefficient(profile(case_mix=Fraction(3)), peers=profile(), level="tertiary", rules=RULES).total_e4 == 10600
    assert coefficient(own, peers=profile(), level="primary", rules=RULES).total_e4 == 5500


def test_indices_of_supervision_compare_an_institution_with_its_peers():
    here, there = stays(number=20, discharge_way="5"), stays(number=20, institution_id="H2")
    catalogue = build(table(here, there), rules=RULES, levels={"H": "secondary", "H2": "secondary"})
    assert catalogue.institutions["H"].indices["death_risk"] == 2
    assert catalogue.institutions["H2"].indices["death_risk"] == 0
    assert catalogue.institutions["H"].indices["readmission"] is None


def test_a_catalogue_is_frozen_by_its_digest_and_two_can_be_compared():
    first, second = build(table(stays(number=20)), rules=RULES), build(table(stays(number=20, dx=["I10"])), rules=RULES)
    plain = json.loads(json.dumps(first.as_dict()))
    assert read_catalogue(plain, where="") == first
    plain["groups"][0]["score_e4"] += 1
    with pytest.raises(FileRefused, match="摘要"):
        read_catalogue(plain, where="c.json")
    assert compared(first, second).added == ("I10",)
    assert compared(first, second).removed == ("J18.9",)


def test_no_stays_to_count_is_refused():
    with pytest.raises(Refusal, match="没有可以用来建目录的住院"):
        build(table(stays(total_fen=0)), rules=RULES)


def as_csv(rows, path):
    joined = [{**row, "dx": "|".join(row["dx"]), "procedures": "|".join(row["procedures"])} for row in rows]
    pyarrow.csv.write_csv(pa.Table.from_pylist(joined).drop_columns(["age_days", "operation_level"]), path)
    return path


def run(*arguments):
    return CliRunner().invoke(app, ["dip", *map(str, arguments)])


def test_the_commands_work_from_files_alone(tmp_path):
    rows = stays(number=30)
    source, catalogue = as_csv(rows, tmp_path / "stay.csv"), tmp_path / "c.json"
    assert run("build", source, "--out", catalogue).exit_code == 0
    for ending in ("ndjson", "csv", "parquet"):
        assert run("group", source, "--catalogue", catalogue, "--out", tmp_path / f"g.{ending}").exit_code == 0
    first = json.loads((tmp_path / "g.ndjson").read_text(encoding="utf-8").splitlines()[0])
    assert [*first] == ["stay_id", "group", "kind", "score", "adjusted_score", "reasons"]
    assert (first["group"], first["kind"], first["adjusted_score"]) == ("J18.9", "core", 1000.0)
    assert "变动 0 个" in run("compare", catalogue, catalogue).output


def test_chinese_headers_and_yuan_are_read_as_well(tmp_path):
    labels = {column.name: column.label for column in COUNTY["stay"].columns}
    rows = [{**row, "total": row["total_fen"] / 100} for row in stays(number=20)]
    path = as_csv(rows, tmp_path / "stay.csv")
    text = path.read_text(encoding="utf-8").replace('"total_fen"', '"ignored"')
    for name in ("stay_id", "dx", "discharged_on"):
        text = text.replace(f'"{name}"', f'"{labels[name]}"')
    path.write_text(text, encoding="utf-8")
    assert run("build", path, "--out", tmp_path / "c.json").exit_code == 0
    assert json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))["mean_fen"] == 500_000


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"total_fen": -1}, "total_fen"),
        ({"discharged_on": date(2020, 1, 1)}, "discharged_on"),
        ({"stay_id": "s1"}, "重复"),
        ({"discharge_way": "7"}, "discharge_way"),
    ],
)
def test_a_file_with_what_cannot_be_is_refused_and_nothing_is_written(tmp_path, change, said):
    rows = stays(number=20)
    rows[0] |= change
    done = run("build", as_csv(rows, tmp_path / "stay.csv"), "--out", tmp_path / "c.json")
    assert isinstance(done.exception, FileRefused)
    assert said in str(done.exception)
    assert not (tmp_path / "c.json").exists()


def test_missing_columns_files_and_endings_are_refused(tmp_path):
    path = tmp_path / "stay.csv"
    path.write_text("stay_id,dx\ns1,J18.9\n")
    for arguments, said in (
        (("build", path), "缺列"),
        (("build", tmp_path / "none.csv"), "读不出来"),
        (("build", tmp_path / "stay.xls"), "文件类型"),
    ):
        assert said in str(run(*arguments, "--out", tmp_path / "c.json").exception)


def test_an_empty_file_is_refused_before_it_is_read(tmp_path):
    (tmp_path / "stay.csv").write_text("")
    done = run("build", tmp_path / "stay.csv", "--out", tmp_path / "catalogue.json")
    assert "空文件" in str(done.exception)
    assert not (tmp_path / "catalogue.json").exists()
