"""The pages that derive from a declared workflow: nothing is written for the workflow of these tests."""

import pytest
from tests.browsing import browser, source_of
from tests.spine.county import account
from tests.work.seats import a_pack

from yigongti.kernel import clock
from yigongti.kernel.roles import Role
from yigongti.spine.cases.engine import take
from yigongti.spine.cases.models import Case, CaseEvent


def test_a_case_is_opened_with_the_derived_form_and_leads_to_its_page(clinician):
    client = browser(clinician)
    form = client.get("/work/new/sterile_supply/")
    assert "承接机构" in source_of(form)
    answer = client.post("/work/new/sterile_supply/", {"institution": "T1", "counterpart": "H1", "title": "换药包",
                                                       "request_id": "once"}, follow=True)  # fmt: skip
    case = Case.objects.get()
    assert answer.redirect_chain[-1][0] == f"/work/{case.pk}/"
    assert (case.institution_id, case.counterpart_id, case.title) == ("T1", "H1", "换药包")
    for word in ("换药包", "已申领", "撤销", "clinician"):
        assert word in source_of(answer)


def test_the_form_of_a_new_case_says_what_is_wrong_and_opens_nothing(clinician):
    answer = browser(clinician).post("/work/new/sterile_supply/", {"institution": "T1", "counterpart": "T1"})
    assert answer.status_code == 409
    assert "不能是同一家" in source_of(answer)
    assert not Case.objects.exists()


def test_who_may_not_open_a_case_does_not_find_its_form(technician):
    assert browser(technician).get("/work/new/sterile_supply/").status_code == 404


def test_the_case_page_offers_the_steps_that_may_be_taken_with_their_fields(clinician, technician):
    case = a_pack(clinician)
    take(case, "collect", by=technician, at=clock.now(), request_id="c")
    page = source_of(browser(technician).get(f"/work/{case.pk}/"))
    assert "灭菌批次" in page
    assert "指示卡合格" in page
    assert "循环次数" in page
    assert 'value="2"' in page, "the version that was seen"
    assert "现在没有轮到您办理的步骤" in source_of(browser(clinician).get(f"/work/{case.pk}/"))


def test_a_step_is_taken_once_however_often_the_button_is_pressed(clinician, technician):
    case, client = a_pack(clinician), browser(technician)
    for _ in range(2):
        answer = client.post(f"/work/{case.pk}/steps/collect/", {"version": 1, "request_id": "once"})
        assert (answer.status_code, answer["Location"]) == (302, f"/work/{case.pk}/")
    assert CaseEvent.objects.filter(step="collect").count() == 1


def test_a_refused_step_shows_the_reason_and_keeps_what_was_filled_in(clinician, technician):
    case, client = a_pack(clinician), browser(technician)
    client.post(f"/work/{case.pk}/steps/collect/", {"version": 1, "request_id": "c"})
    filled = {"version": 2, "request_id": "s", "sterilise-batch": "B-77", "sterilise-indicator_passed": "0"}
    answer = client.post(f"/work/{case.pk}/steps/sterilise/", filled)
    assert answer.status_code == 409
    assert "指示卡未通过" in source_of(answer)
    assert "B-77" in source_of(answer)
    assert Case.objects.get().state == "collected"


def test_what_must_be_filled_in_is_marked_on_the_form(clinician, technician):
    case, client = a_pack(clinician), browser(technician)
    client.post(f"/work/{case.pk}/steps/collect/", {"version": 1, "request_id": "c"})
    answer = client.post(f"/work/{case.pk}/steps/sterilise/", {"version": 2, "request_id": "s"})
    assert answer.status_code == 409
    assert source_of(answer).count("invalid-feedback") == 2


def test_who_acts_on_what_is_no_longer_so_sees_the_present_and_why(clinician, technician):
    case, client = a_pack(clinician), browser(clinician)
    take(case, "collect", by=technician, at=clock.now(), request_id="c")
    answer = client.post(f"/work/{case.pk}/steps/cancel/", {"version": 1, "request_id": "x", "cancel-reason": "重复"})
    assert answer.status_code == 409
    assert "已回收" in source_of(answer)


def test_a_case_outside_ones_institutions_is_not_there(clinician):
    case = a_pack(clinician)
    stranger = browser(account("stranger", (Role.TECHNICIAN, "institution", "H2")))
    assert stranger.get(f"/work/{case.pk}/").status_code == 404
    assert stranger.post(f"/work/{case.pk}/steps/collect/").status_code == 404


def test_what_was_done_stands_on_the_page_in_words(clinician, technician):
    case = a_pack(clinician)
    take(case, "collect", by=technician, at=clock.now(), request_id="c")
    case.refresh_from_db()
    take(case, "fail", by=technician, at=clock.now(), request_id="f", data={"reason": "湿包"})
    page = source_of(browser(clinician).get(f"/work/{case.pk}/"))
    for word in ("判为不合格", "灭菌不合格", "理由:湿包", "H1", "technician"):
        assert word in page


@pytest.mark.parametrize("name", ["to_do", "mine", "open", "due", "overdue", "all", "nonsense"])
def test_every_list_opens_and_is_empty_at_first(name, technician):
    answer = browser(technician).get("/work/", {"list": name})
    assert answer.status_code == 200
    assert "nothing-heading" in source_of(answer)


def test_lists_hold_what_they_say_and_lead_to_the_cases(clinician, technician):
    late, new = a_pack(clinician, title="旧包", days_ago=60), a_pack(clinician, title="新包")
    client = browser(technician)
    for name, titles in {"to_do": {"旧包", "新包"}, "overdue": {"旧包"}, "due": {"新包"}, "mine": set()}.items():
        page = source_of(client.get("/work/", {"list": name}))
        assert {title for title in ("旧包", "新包") if title in page} == titles, name
    page = source_of(client.get("/work/"))
    assert page.index(late.pk) < page.index(new.pk), "the late one comes first"


def test_a_list_is_searched_by_title_number_and_person(clinician, technician):
    one, other = a_pack(clinician, title="骨科包"), a_pack(clinician, title="口腔包")
    Case.objects.filter(pk=other.pk).update(resident_id="R1")
    client = browser(technician)
    for text, found in (("骨科", one), (one.pk, one), (other.pk.upper(), other), ("R1", other)):
        page = source_of(client.get("/work/", {"q": text, "list": "all"}))
        assert {case.pk for case in (one, other) if f"/work/{case.pk}/" in page} == {found.pk}, text


def test_a_list_is_taken_away_as_a_file(clinician, technician):
    a_pack(clinician, title="骨科包")
    answer = browser(technician).get("/work/", {"export": "csv"})
    rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert rows[0].startswith("事项编号,流程,摘要,状态")
    assert "骨科包" in rows[1]
    assert browser(technician).get("/work/", {"export": "xlsx"}).content.startswith(b"PK")


def test_the_cockpit_counts_what_is_overdue_and_no_further_than_it_need(clinician, monkeypatch):
    from yigongti.site.cockpit import todo

    for number in (1, 2, 3):
        a_pack(clinician, title=f"旧包 {number}", days_ago=60)
    told = {line.address: line.shown for line in todo.lines(clinician, None)}
    assert told["/work/?list=overdue"] == "3"
    monkeypatch.setattr(todo, "MOST", 2)
    told = {line.address: line.shown for line in todo.lines(clinician, None)}
    assert told["/work/?list=overdue"] == "2+"
