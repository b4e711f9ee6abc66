"""What was planted in the data, told by kind with its ids, and the notice that all of it is invented."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from yigongti.demo.calendar import as_date
from yigongti.demo.care.attendance import stay_ids
from yigongti.demo.care.course import Course
from yigongti.demo.care.diagnoses import vocabulary
from yigongti.demo.care.infections import LATE_INSTITUTION
from yigongti.demo.keys import numbered
from yigongti.demo.land.institutions import CONSORTIA, CONSORTIUM_NAMES
from yigongti.demo.land.places import COUNTY_NAME
from yigongti.demo.means import finance
from yigongti.demo.people.identities import PHONE_PREFIX, REGION
from yigongti.demo.plants.charges import SWAPPED_NAME
from yigongti.demo.plants.visits import CROWD, CROWDED, EXPLODING, OVERLONG, SHIFTING, explosion_from
from yigongti.demo.world import World

FILE = "truth.json"
NOTICE = (
    f"{COUNTY_NAME}是虚构的县:其中的机构、地点、人员、就诊与费用全部由程序随机生成,与任何真实的地方和个人无关。"
    f"身份证号以 {REGION} 开头(全国没有这样的行政区划代码),电话以 {PHONE_PREFIX} 开头(不是可拨打的号码)。"
)


def write(out: Path, course: Course, books: finance.Books) -> None:
    """truth.json and README.md of the folder."""
    world = course.world
    told = {
        "county": COUNTY_NAME,
        "invented": True,
        "notice": NOTICE,
        "residents": len(world.people),
        "seed": world.streams.seed,
        "from": world.calendar.period.start.isoformat(),
        "to": world.calendar.period.end.isoformat(),
        "consortia": dict(zip(CONSORTIA, CONSORTIUM_NAMES, strict=True)),
        "id_number_region": REGION,
        "phone_prefix": PHONE_PREFIX,
        "truths": {
            **_of_places(world),
            **_of_stays(course),
            **_of_events(course),
            **_of_visits(course),
            **_of_books(world, books),
        },
    }
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    (out / FILE).write_text(text, encoding="utf-8")
    (out / "README.md").write_text(_readme(told), encoding="utf-8")


def _of_places(world: World) -> dict[str, Any]:
    places, homes = world.places, world.homes
    return {
        "blank_villages": {
            "what": "这些行政村没有村卫生室,也没有派驻人员和巡诊,是医疗服务空白点。",
            "place_ids": [places.ids[place] for place in homes.blank],
        },
        "villages_served_by_circuit": {
            "what": "这些行政村没有村卫生室,由乡镇卫生院定期巡诊,不是空白点(对照)。",
            "place_ids": [places.ids[place] for place in np.flatnonzero(places.service == 1)],
        },
        "unstaffed_rooms": {
            "what": "这些村卫生室有机构而没有在岗人员,也没有派驻人员。",
            "institution_ids": [world.institutions.ids[place] for place in homes.unstaffed],
        },
    }


def _of_stays(course: Course) -> dict[str, Any]:
    stays, codes = course.stays, vocabulary()
    upcoded = zip(stay_ids(stays.upcoded[:, 0]).to_pylist(), stays.upcoded[:, 1].tolist(), strict=True)
    return {
        "upcoding": {
            "what": "云溪康宁医院在期间后半段给部分普通病例虚加严重并发症诊断,住院天数与费用并无相应变化。",
            "institution_id": "I-PH-01",
            "stays": [{"stay_id": stay, "added_dx": codes[code]} for stay, code in upcoded],
        },
        "split_admissions": {
            "what": "一次住院被拆成两次:出院后数日内以同一疾病、同一科室在同一机构再次入院。",
            "pairs": _pairs(stays.splits),
        },
        "overlapping_stays": {
            "what": "同一人在两家机构的住院日期相互重叠。",
            "pairs": _pairs(stays.overlaps),
        },
    }


def _pairs(found: np.ndarray) -> list[list[str]]:
    first, second = stay_ids(found[:, 0]).to_pylist(), stay_ids(found[:, 1]).to_pylist()
    return [list(pair) for pair in zip(first, second, strict=True)]


def _of_events(course: Course) -> dict[str, Any]:
    ids, outbreak = course.found.ids(), course.outbreak
    first, second = (np.concatenate(column) for column in zip(*course.exam_memory.pairs, strict=True))
    exams = zip(numbered("E", first, 11).to_pylist(), numbered("E", second, 11).to_pylist(), strict=True)
    return {
        "outbreak": {
            "what": "一个村在一周左右集中发生其他感染性腹泻病。",
            "disease": "其他感染性腹泻病",
            "place_id": course.world.places.ids[outbreak.place],
            "from": as_date(outbreak.day.min()).isoformat() if len(outbreak.day) else None,
            "to": as_date(outbreak.day.max()).isoformat() if len(outbreak.day) else None,
            "report_ids": ids["outbreak_reports"],
            "visit_ids": ids["outbreak_visits"],
        },
        "late_infectious_reports": {
            "what": "这家机构的传染病报告大半超过法定时限。",
            "institution_id": LATE_INSTITUTION,
            "report_ids": ids["late_institution_reports"],
        },
        "repeated_exams": {
            "what": "同一人在数日内重复做同一检查检验,既未互认也没有写明理由。",
            "pairs": [list(pair) for pair in exams],
        },
        "visits_after_death": {"what": "就诊日期在死亡日期之后。", "visit_ids": ids["visits_after_death"]},
        "duplicate_charges": {
            "what": "同一次就诊或住院、同一天、同一项目重复收费(列出的是多收的一笔)。",
            "charge_ids": ids["duplicate_charges"],
        },
        "over_limit_charges": {
            "what": "床位费、护理费一天按三天计。",
            "charge_ids": ids["over_limit_charges"],
        },
        "gender_conflict_charges": {
            "what": "对男性收妇科彩超、对女性收前列腺特异性抗原检测费。",
            "charge_ids": ids["wrong_sex_charges"],
        },
        **_of_charges(ids),
        "over_prescribing": {
            "what": "这两家中心给部分慢病患者一次开出近半年的药。",
            "institution_ids": list(OVERLONG),
            "prescription_lines": ids["overlong_prescriptions"],
        },
    }


def _of_charges(ids: Mapping[str, list[str]]) -> dict[str, Any]:
    return {
        "age_conflict_charges": {"what": "对成人收新生儿蓝光治疗费。", "charge_ids": ids["wrong_age_charges"]},
        "outpatient_monitoring_charges": {
            "what": "限住院患者的心电监护收在门诊。",
            "charge_ids": ids["outpatient_charges"],
        },
        "included_charges": {
            "what": "心电监护已含血氧饱和度监测,同日另收(列出的是另收的一笔)。",
            "charge_ids": ids["included_charges"],
        },
        "swapped_charges": {
            "what": f"以针灸的编码上传{SWAPPED_NAME}。",
            "charge_ids": ids["swapped_charges"],
        },
        "charges_after_death": {"what": "患者在住院中死亡,次日仍收床位费。", "charge_ids": ids["charges_after_death"]},
    }


def _of_visits(course: Course) -> dict[str, Any]:
    crowded = next(each for each in course.planned_visits if each.plant == CROWD)
    return {
        "impossible_volume": {
            "what": "这家诊所唯一的医师在所列两日各签了一百多人次。",
            "institution_id": CROWDED,
            "days": [as_date(day).isoformat() for day in np.unique(crowded.day)],
        },
        "cost_shifting": {
            "what": "云溪康宁医院把住院应做的检查放在住院前后的门诊收费。",
            "institution_id": SHIFTING,
        },
    }


def _of_books(world: World, books: finance.Books) -> dict[str, Any]:
    return {
        "loss_making_member": {
            "what": "这家成员单位收不抵支,负债偏高。",
            "institution_id": finance.LOSS_MAKING,
            "result_fen_by_year": finance.yearly_result(books, world, finance.LOSS_MAKING),
        },
        "exploding_outpatient_cost": {
            "what": "这家卫生院从所列月份起门诊次均费用数月内翻倍。",
            "institution_id": EXPLODING,
            "from_month": world.calendar.labels[explosion_from(world)],
        },
    }


def _readme(told: dict[str, Any]) -> str:
    lines = "\n".join(f"- `{kind}` {truth['what']}" for kind, truth in told["truths"].items())
    return (
        f"# {told['county']}(虚构)\n\n{told['notice']}\n\n"
        f"居民 {told['residents']} 人,{told['from']} 至 {told['to']},随机种子 {told['seed']}。\n\n"
        f"## 预先埋入的情况\n\n编号见 `truth.json`。\n\n{lines}\n\n"
        "## In English\n\nThis county is invented: its institutions, places, people, visits and money are random and "
        "belong to nobody. What was planted for tests to find is listed by id in `truth.json`.\n"
    )
