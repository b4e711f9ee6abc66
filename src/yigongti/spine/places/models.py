"""Places and institutions: the county's map.  Field and column names are those of the dictionary of facts."""

from django.db import models

from yigongti.spine.dictionary import choices_of, fact_constraints
from yigongti.spine.row_scope import ByInstitution


class Place(models.Model):
    """A county, town, street, village or community.  `parent` is soft: offices send files in any order."""

    place_id = models.CharField("地区编号", primary_key=True, max_length=64)
    name = models.CharField("名称", max_length=200)
    kind = models.CharField("类别", max_length=20, choices=choices_of("place", "kind"))
    parent = models.ForeignKey("self", models.DO_NOTHING, null=True, blank=True, db_constraint=False, related_name="+")
    lon = models.FloatField("经度", null=True, blank=True)
    lat = models.FloatField("纬度", null=True, blank=True)
    population = models.BigIntegerField("常住人口", null=True, blank=True)
    area_km2 = models.FloatField("面积平方公里", null=True, blank=True)

    class Meta:
        verbose_name = "地区"
        constraints = fact_constraints("place")

    def __str__(self) -> str:
        return str(self.name)


class Institution(models.Model):
    """A provider of care (or the CDC).  `parent` is the institution it is a branch of; `consortium_id` and
    `zone_id` are the codes of the group and of the zone it belongs to.  Kind, level, ownership, place and in_county
    are null where the source could not say them (FHIR): such an institution is to be completed."""

    institution_id = models.CharField("机构编号", primary_key=True, max_length=64)
    name = models.CharField("名称", max_length=200)
    kind = models.CharField(
        "机构类别", max_length=30, null=True, blank=True, choices=choices_of("institution", "kind"), db_index=True
    )
    level = models.CharField("级别", max_length=20, null=True, blank=True, choices=choices_of("institution", "level"))
    ownership = models.CharField(
        "举办性质", max_length=20, null=True, blank=True, choices=choices_of("institution", "ownership")
    )
    consortium_id = models.CharField("医共体编号", max_length=64, null=True, blank=True, db_index=True)
    zone_id = models.CharField("片区编号", max_length=64, null=True, blank=True, db_index=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="branches")
    place = models.ForeignKey(
        Place, models.DO_NOTHING, null=True, blank=True, db_constraint=False, related_name="institutions"
    )
    lon = models.FloatField("经度", null=True, blank=True)
    lat = models.FloatField("纬度", null=True, blank=True)
    beds = models.BigIntegerField("编制床位", null=True, blank=True)
    is_lead = models.BooleanField("是否牵头医院")
    in_county = models.BooleanField("是否县域内", null=True, blank=True)
    opened_on = models.DateField("开业日期", null=True, blank=True)
    closed_on = models.DateField("停业日期", null=True, blank=True)

    row_scope = ByInstitution()

    class Meta:
        verbose_name = "机构"
        constraints = fact_constraints("institution")

    def __str__(self) -> str:
        return str(self.name)
