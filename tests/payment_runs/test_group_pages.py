"""Dashboards of groups and the coder's desk: whom they show what, and where each number leads."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from tests.browsing import browser, text_of

from yigongti.capabilities.payment.selectors import groups as selected
from yigongti.capabilities.payment.services import grouped as made
from yigongti.capabilities.payment.services.dip import dip_build, dip_group, open_catalogue, stays_of_store
from yigongti.capabilities.payment.services.drg import diff_schemes, drg_group_stays
from yigongti.capabilities.payment.services.stored import some_stays
from yigongti.capabilities.payment.web.bubbles import Bubble, Bubbles
from yigongti.capabilities.payment.web.figures import FIGURES
from yigongti.kernel.errors import Refusal
from yigongti.spine.county_rules import county_rules

YEAR = "method=drg&year=2025&scheme=county-core"


@pytest.fixture(autouse=True)
def _nothing_kept():
    for kept in (made._grouped, made._years):
        kept.cache_clear()
    yield
    for kept in (made._grouped, made._years):
        kept.cache_clear()


def grouped(method="drg"):
    return made.grouped(method, year=2025, scheme="county-core")


def test_the_county_counts_its_own_institutions_and_not_the_citys(facts, insurer):
    found = grouped()
    assert sum(found.cases.values()) == 36
    assert set(found.cases) == {"H1", "H2", "C1", "C2"}
    assert "36 例" in text_of(browser(insurer).get(f"/groups/?{YEAR}"))


@pytest.mark.parametrize("method", ["drg", "dip"])
def test_gains_and_losses_of_all_institutions_come_to_nothing(facts, insurer, method):
    seats = selected.seats(grouped(method), insurer)
    assert abs(sum(seat.gain_fen for seat in seats)) <= len(seats)
    assert any(seat.gain_fen for seat in seats)


@pytest.mark.parametrize("method", ["drg", "dip"])
def test_every_figure_leads_to_its_definition_its_rules_and_its_rows(facts, insurer, method):
    client = browser(insurer)
    for key, figure in FIGURES.items():
        page = client.get(f"/groups/figures/{key}/?method={method}&year=2025")
        assert page.status_code == 200
        assert str(figure.definition) in text_of(page)
        assert all(f"/rules/{rule}" in page.content.decode() for rule in figure.rules_of(method)), key
    assert client.get("/groups/figures/unheard-of/").status_code == 404


def test_a_manager_sees_his_institution_and_a_row_of_another_is_not_there(facts, somebody):
    client = browser(somebody("manager", at="H1"))
    page = text_of(client.get(f"/groups/?{YEAR}"))
    assert "县人民医院" in page
    assert "县第二医院" not in page
    assert client.get(f"/groups/lines/?{YEAR}&institution=H1").status_code == 200
    assert client.get(f"/groups/lines/?{YEAR}&institution=H2").status_code == 404
    assert client.get(f"/groups/rows/?{YEAR}&institution=H2").status_code == 404
    rows = selected.rows(grouped(), somebody("manager", at="C2"), kind="all")
    assert {row["institution_id"] for row in rows} == {"C2"}


@pytest.mark.parametrize("kind", sorted(selected.KINDS))
def test_the_rows_behind_a_number_open_at_the_coders_desk(facts, insurer, kind):
    client = browser(insurer)
    page = client.get(f"/groups/rows/?{YEAR}&kind={kind}")
    assert page.status_code == 200
    desks = re.findall(r'href="(/coding/\?[^"]+)"', page.content.decode())
    assert desks or kind != "all"
    for address in desks[:1]:
        assert parse_qs(urlsplit(address.replace("&amp;", "&")).query)["dx"] == ["J18.900"]
        assert "ES15" in text_of(client.get(address.replace("&amp;", "&")))


def test_rows_of_a_kind_nobody_knows_are_not_there(facts, insurer):
    assert browser(insurer).get(f"/groups/rows/?{YEAR}&kind=guess").status_code == 404


def test_an_empty_county_is_told_what_to_load(db, somebody):
    client = browser(somebody("insurer"))
    for address in ("/groups/", "/groups/lines/", "/groups/rows/", "/groups/figures/cmi/"):
        assert "yigongti load" in text_of(client.get(address))
    assert "编码台" in text_of(client.get("/coding/"))


def test_an_address_of_another_year_method_or_scheme_still_opens(facts, insurer):
    assert browser(insurer).get("/groups/?method=fee&year=soon&scheme=none").status_code == 200


STROKE = {
    "scheme": "county-core", "dx": "I63.900|J96.000;ZZZ9", "procedures": "", "sex": "male", "age_years": "66",
}  # fmt: skip


def desk(client, **change):
    return text_of(client.get(f"/coding/?{urlencode({**STROKE, **change})}"))


def test_the_desk_tells_the_group_the_way_there_and_what_lies_beside(facts, somebody):
    page = desk(browser(somebody("clinician", at="H1")))
    assert "BR21" in page
    assert "J96.000 是 MCC" in page
    assert "去掉其他诊断 J96.000" in page
    assert "BR25" in page
    assert "不是用来挑选编码" in page
    assert "方案里没有这些编码,它们不起作用:ZZZ9" in page


def test_the_desk_speaks_english_where_that_is_chosen(facts, insurer):
    client = browser(insurer)
    client.post("/language/", {"language": "en", "next": "/coding/"})
    page = desk(client, age_years="")
    assert "J96.000 is MCC" in page
    assert "age is missing" in page
    assert "without the other diagnosis J96.000" in page


def test_a_group_the_county_had_is_weighed_and_another_is_not(facts, insurer):
    pneumonia = desk(browser(insurer), dx="J18.900")
    assert re.search(r"权重 \d+\.\d+ 参考金额 [\d,]+\.\d\d 元", pneumonia)
    assert "权重 — 参考金额 —" in desk(browser(insurer))


def test_what_is_missing_or_too_much_is_told(db, somebody):
    client = browser(somebody("insurer"))
    assert "病例不全" in desk(client, age_years="")
    assert "请改正标出的各项" in desk(client, age_years="-1")
    assert "编码过多" in desk(client, dx=" ".join(["I63.900"] * 101))
    assert "请改正标出的各项" in desk(client, scheme="none")


def test_the_stores_stays_are_grouped_compared_and_made_a_catalogue_of(facts, tmp_path):
    done = drg_group_stays(some_stays(years=range(2025, 2026)), "county-core", tmp_path / "groups.csv")
    assert (done.cases, dict(done.statuses)) == (36, {"grouped": 36})
    same = diff_schemes("county-core", "county-core", some_stays())
    assert (same.found.moved, same.before_fen) == (0, same.after_fen)
    made_of_store = dip_build(stays_of_store(), out=tmp_path / "catalogue.json", book=county_rules())
    assert open_catalogue(tmp_path / "catalogue.json").digest == made_of_store.digest
    scored = dip_group(
        stays_of_store(), catalogue=tmp_path / "catalogue.json", out=tmp_path / "dip.csv", book=county_rules()
    )
    assert len(scored.cases) == 60


def test_a_store_without_stays_is_refused_with_the_year(facts):
    with pytest.raises(Refusal, match="1999"):
        some_stays(years=range(1999, 2000))


def test_the_names_on_a_drawing_never_lie_upon_each_other_and_axes_bear_round_numbers():
    crowd = [Bubble(f"第{n}乡镇卫生院", 1 + n / 50, 1 + n / 90, size=n + 1) for n in range(12)]
    drawing = Bubbles("all", "x", "y", crowd, level=1.0, corners=("a", "b", "c", "d"))
    named = [each for each in drawing.drawn if each.name]
    assert named
    assert not any(one.meets(other) for one in named for other in named if one is not other)
    assert all(len(tick.text) <= 5 for tick in (*drawing.x_ticks, *drawing.y_ticks))
    assert all(drawing.left <= each.cx <= drawing.right for each in drawing.drawn)


@pytest.mark.parametrize("bubbles", [[], [Bubble("one", 1, 1, 0)]])
def test_a_drawing_of_nothing_or_one_stands(bubbles):
    drawing = Bubbles("few", "x", "y", bubbles)
    assert len(drawing.drawn) == len(bubbles)
    assert drawing.x_ticks
    assert drawing.cross is None
