"""Where the pages of residents stand."""

from yigongti.capabilities.record.web import consent, people, record
from yigongti.kernel.roles import Role
from yigongti.pages.urls import page
from yigongti.spine.access.records import CARING_ROLES, EMERGENCY_ROLES

READERS = CARING_ROLES | {Role.RESIDENT}

urlpatterns = [
    page("residents/", people.residents, name="residents", roles=CARING_ROLES),
    page("residents/emergency/", people.emergency, name="emergency", roles=EMERGENCY_ROLES),
    page("residents/consent/", consent.write_down, name="consent", roles=CARING_ROLES),
    page("residents/<str:resident_id>/", record.record, name="record", roles=READERS),
    page("residents/<str:resident_id>/timeline/", record.timeline, name="record_timeline", roles=READERS),
    page("residents/<str:resident_id>/vitals/", record.vitals, name="record_vitals", roles=READERS),
    page("residents/<str:resident_id>/readers/", record.readers, name="record_readers", roles=READERS),
    page("residents/<str:resident_id>/consents/", consent.listed, name="record_consents", roles=READERS),
    page(
        "residents/<str:resident_id>/consents/<int:consent_id>/end/", consent.end, name="record_consent_end",
        roles=READERS,
    ),
    page("residents/<str:resident_id>/identity/", record.identity, name="record_identity", roles=READERS),
    page(
        "residents/<str:resident_id>/charges/<str:table>/<str:key>/", record.charges, name="record_charges",
        roles=READERS,
    ),
]  # fmt: skip
