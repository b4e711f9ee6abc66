"""The resident's pages.  Everything is for residents alone, but signing in and what makes the portal installable."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern

from yigongti.capabilities.portal.web import booking, care, contracts, home, signing_in, voice
from yigongti.capabilities.portal.web.asking import kindly
from yigongti.kernel.roles import Role
from yigongti.pages.urls import Audience, page


def _own(route: str, view: Callable[..., Any], *, name: str) -> URLPattern:
    return page(f"my/{route}", kindly(view), name=name, roles={Role.RESIDENT})


def _open(route: str, view: Callable[..., Any], *, name: str) -> URLPattern:
    return page(f"my/{route}", kindly(view), name=name, roles=Audience.ANYONE)


urlpatterns = [
    _open("sign-in/", signing_in.sign_in, name="portal_sign_in"),
    _open("sign-in/code/", signing_in.enter_code, name="portal_code"),
    _open("manifest.webmanifest", home.manifest, name="portal_manifest"),
    _open("worker.js", home.worker, name="portal_worker"),
    _open("offline/", home.offline, name="portal_offline"),
    _open("type/", signing_in.large_type, name="portal_type"),
    _own("", home.home, name="portal"),
    _own("more/", home.more, name="portal_more"),
    _own("messages/", home.messages, name="portal_messages"),
    _own("person/", signing_in.choose, name="portal_person"),
    _own("record/", care.record_page, name="portal_record"),
    _own("record/results/", care.results_page, name="portal_results"),
    _own("record/readers/", care.readers, name="portal_readers"),
    _own("contract/", contracts.contracts, name="portal_contract"),
    _own("contract/apply/", contracts.apply, name="portal_apply"),
    _own("contract/items/<int:item_id>/", contracts.item, name="portal_item"),
    _own("contract/<slug:contract_id>/<slug:name>/", contracts.answer, name="portal_contract_answer"),
    _own("booking/", booking.seek, name="portal_seek"),
    _own("booking/<int:slot_id>/", booking.book, name="portal_book"),
    _own("booking/wait/<slug:resource_id>/", booking.wait, name="portal_wait"),
    _own("booking/leave/<slug:entry_id>/", booking.leave, name="portal_leave"),
    _own("bookings/", booking.bookings, name="portal_bookings"),
    _own("bookings/<slug:booking_id>/move/", booking.move, name="portal_move"),
    _own("bookings/<slug:booking_id>/<slug:name>/", booking.step, name="portal_booking_step"),
    _own("referrals/", care.referrals, name="portal_referrals"),
    _own("referrals/<slug:case_id>/", care.one_referral, name="portal_referral"),
    _own("rate/", care.rate_page, name="portal_rate"),
    _own("rate/<str:key>/", care.rate_one, name="portal_rate_one"),
    _own("complaints/", voice.complaints, name="portal_complaints"),
    _own("complaints/new/", voice.new_complaint, name="portal_complaint_new"),
    _own("complaints/<slug:case_id>/", voice.one_complaint, name="portal_complaint"),
    _own("family/", voice.family, name="portal_family"),
    _own("family/code/", voice.family_code, name="portal_family_code"),
    _own("family/<int:consent_id>/end/", voice.end_consent, name="portal_consent_end"),
]
