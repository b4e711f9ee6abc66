"""People: staff and their postings, residents, and residents' identities (encrypted at rest).

Field and column names are those of the dictionary of facts; primary keys are the facts' keys.
"""

from django.db import models

from yigongti.spine.dictionary import choices_of, fact_constraints
from yigongti.spine.people.sealed import BlindIndexField, SealedField
from yigongti.spine.places.models import Institution, Place
from yigongti.spine.row_scope import ByInstitution, ByResident


class Staff(models.Model):
    """One who works for an institution; what profession and title, since when, until when."""

    staff_id = models.CharField("人员编号", primary_key=True, max_length=64)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="staff")
    profession = models.CharField("专业类别", max_length=30, choices=choices_of("staff", "profession"))
    title = models.CharField("职称", max_length=20, null=True, blank=True, choices=choices_of("staff", "title"))
    specialty = models.CharField("专科", max_length=100, null=True, blank=True)
    general_practitioner = models.BooleanField("是否全科医生")
    hired_on = models.DateField("入职日期", null=True, blank=True)
    left_on = models.DateField("离职日期", null=True, blank=True)

    row_scope = ByInstitution()

    class Meta:
        verbose_name = "人员"
        constraints = fact_constraints("staff")

    def __str__(self) -> str:
        return str(self.staff_id)


class Posting(models.Model):
    """Somebody employed at one institution who works for a time at another (县聘乡用, circuit, support)."""

    posting_id = models.CharField("派驻编号", primary_key=True, max_length=64)
    staff = models.ForeignKey(Staff, models.DO_NOTHING, db_constraint=False, related_name="postings")
    from_institution = models.ForeignKey(Institution, models.PROTECT, related_name="postings_out")
    to_institution = models.ForeignKey(Institution, models.PROTECT, related_name="postings_in")
    kind = models.CharField("派驻方式", max_length=20, choices=choices_of("posting", "kind"))
    start_on = models.DateField("开始日期")
    end_on = models.DateField("结束日期", null=True, blank=True)

    row_scope = ByInstitution(("from_institution_id", "to_institution_id"))

    class Meta:
        verbose_name = "派驻"
        constraints = fact_constraints("posting")

    def __str__(self) -> str:
        return str(self.posting_id)


class Resident(models.Model):
    """A person of the county's master index, without name: that is in Identity.  Sex, insurance and registration
    are null where the source could not say them (FHIR)."""

    resident_id = models.CharField("居民编号", primary_key=True, max_length=64)
    sex = models.CharField("性别", max_length=10, null=True, blank=True, choices=choices_of("resident", "sex"))
    birth_date = models.DateField("出生日期")
    place = models.ForeignKey(
        Place, models.DO_NOTHING, null=True, blank=True, db_constraint=False, related_name="residents"
    )
    insured_as = models.CharField(
        "参保类型", max_length=20, null=True, blank=True, choices=choices_of("resident", "insured_as")
    )
    key_groups = models.JSONField("重点人群", default=list)
    registered_on = models.DateField("建档日期", null=True, blank=True)
    died_on = models.DateField("死亡日期", null=True, blank=True)

    row_scope = ByResident()

    class Meta:
        verbose_name = "居民"
        constraints = fact_constraints("resident")

    def __str__(self) -> str:
        return str(self.resident_id)


class Identity(models.Model):
    """Who a resident is.  name, id_number and phone are encrypted; their `_index` columns are keyed blind
    indexes for exact lookup, and follow the values by themselves when an instance is saved."""

    resident = models.OneToOneField(
        Resident, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="identity"
    )
    name = SealedField("姓名")
    id_number = SealedField("身份证号", null=True, blank=True)
    phone = SealedField("电话", null=True, blank=True)
    name_index = BlindIndexField(of="name")
    id_number_index = BlindIndexField(of="id_number")
    phone_index = BlindIndexField(of="phone")

    row_scope = ByResident()

    class Meta:
        verbose_name = "身份"

    def __str__(self) -> str:
        return str(self.resident_id)
