"""What counts for a zone (QY-5): people, visits, public-health work, area, and posts of public health."""

from fractions import Fraction

from yigongti.capabilities.finance.services import bases
from yigongti.capabilities.finance.services.members import Members
from yigongti.kernel.errors import Refusal
from yigongti.spine.places.models import Place

PUBLIC_HEALTH = "public_health"
TOWNS = ("town", "street")


def zone_bases(found: bases.Facts, members: Members) -> tuple[dict[str, bases.Counts], list[str]]:
    """The bases by factor, and the zones of the consortium.  Raises Refusal where no institution is in a zone."""
    zone_of = {each.pk: each.zone_id for each in members.institutions if each.zone_id}
    if not zone_of:
        raise Refusal("这个医共体没有划分片区", "zone_id", remedy="请在机构表中填写片区编号")
    zones = sorted(set(zone_of.values()))
    homes, staff = found.homes(), found.of("staff")
    visits = found.counted(found.of("visit", day="day"), "institution_id")
    work = bases.added(
        [found.counted(found.of(name, day="day"), "institution_id") for name in ("follow_up", "immunization")]
    )
    posts = staff.filter(staff.profession == PUBLIC_HEALTH, staff.left_on.isnull())
    basis = {
        "resident_population": found.counted(homes.filter(homes.zone.isin(zones)), "zone"),
        "outpatient_volume": bases.gathered(visits, zone_of),
        "public_health_workload": bases.gathered(work, zone_of),
        "geography": _area(members),
        "maternal_child_immunisation_posts": bases.gathered(found.counted(posts, "institution_id"), zone_of),
    }
    return basis, zones


def _area(members: Members) -> bases.Counts:
    """Square kilometres of the towns and streets that a zone's institutions stand in."""
    zone_of_town = {each.place_id: each.zone_id for each in members.institutions if each.zone_id and each.place_id}
    towns = Place.objects.filter(pk__in=zone_of_town, kind__in=TOWNS, area_km2__isnull=False)
    areas = towns.order_by("pk").values_list("pk", "area_km2")
    return bases.added({zone_of_town[place]: Fraction(str(area))} for place, area in areas)
