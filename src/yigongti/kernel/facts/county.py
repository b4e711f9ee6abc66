"""The county's dictionary of facts.  Names are a contract with everyone who sends or reads files."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from yigongti.kernel.facts.columns import Column, FactTable, Kind, Product, Sum

BEGINNING = date(1900, 1, 1)

INSTITUTION_KINDS = {
    "county_hospital": "县级综合医院", "tcm_hospital": "中医医院", "maternal_child": "妇幼保健院",
    "specialist_hospital": "专科医院", "township_center": "乡镇卫生院", "community_center": "社区卫生服务中心",
    "community_station": "社区卫生服务站", "village_room": "村卫生室", "cdc": "疾病预防控制中心",
    "private_hospital": "民营医院", "clinic": "诊所", "retail_pharmacy": "零售药店", "nursing_home": "护理院",
    "city_hospital": "市级医院", "provincial_hospital": "省级医院",
}  # fmt: skip
PRIMARY_KINDS = ("township_center", "community_center", "community_station", "village_room", "clinic")
LEVELS = {"tertiary": "三级", "secondary": "二级", "primary": "一级", "none": "未定级"}
SCHEMES = {"employee": "职工医保", "resident": "居民医保", "none": "未参保"}
SEXES = {"male": "男", "female": "女"}
PROGRAMMES = {
    "hypertension": "高血压", "diabetes": "糖尿病", "copd": "慢阻肺", "elderly": "老年人",
    "severe_mental_disorder": "严重精神障碍", "maternal": "孕产妇", "child": "儿童", "tuberculosis": "肺结核",
}  # fmt: skip
KEY_GROUPS = {
    "elderly": "老年人", "pregnant": "孕产妇", "child": "儿童", "disabled": "残疾人", "hypertension": "高血压",
    "diabetes": "糖尿病", "copd": "慢阻肺", "tuberculosis": "肺结核", "severe_mental_disorder": "严重精神障碍",
    "poverty_relieved": "脱贫人口", "special_family": "计划生育特殊家庭", "long_term_care": "长护险对象",
}  # fmt: skip
MEASURES = {
    "sbp": "收缩压", "dbp": "舒张压", "heart_rate": "心率", "fbg": "空腹血糖", "hba1c": "糖化血红蛋白",
    "weight": "体重", "height": "身高", "waist": "腰围", "temperature": "体温", "spo2": "血氧饱和度",
    "respiration": "呼吸频率",
}  # fmt: skip


def _maker(kind: Kind, **fixed: Any) -> Any:
    def make(name: str, label: str, **options: Any) -> Column:
        optional = name.endswith("?")
        return Column(name.removesuffix("?"), label, kind, null=optional, **{**fixed, **options})

    return make


text, listing, flag, month = _maker(Kind.TEXT), _maker(Kind.LIST), _maker(Kind.FLAG), _maker(Kind.MONTH)
day, instant = _maker(Kind.DAY, low=BEGINNING), _maker(Kind.INSTANT, low=BEGINNING)
count, number, money = _maker(Kind.INTEGER, low=0), _maker(Kind.NUMBER), _maker(Kind.FEN, low=0)


def code(name: str, label: str, choices: Mapping[str, str]) -> Column:
    """A column of one of the choices (code → label); a name ending in ? may be null."""
    return Column(name.removesuffix("?"), label, Kind.CODE, null=name.endswith("?"), choices=choices)


def institution(name: str = "institution_id", label: str = "机构编号") -> Column:
    """A column that refers to an institution."""
    return Column(name.removesuffix("?"), label, Kind.TEXT, null=name.endswith("?"), refers="institution")


def resident(name: str = "resident_id") -> Column:
    """A column that refers to a resident."""
    return Column(name.removesuffix("?"), "居民编号", Kind.TEXT, null=name.endswith("?"), refers="resident")


def place(name: str = "place_id", label: str = "地区编号") -> Column:
    """A column that refers to a place."""
    return Column(name.removesuffix("?"), label, Kind.TEXT, null=name.endswith("?"), refers="place")


_PLACES_AND_PEOPLE = (
    FactTable("place", "地区", ("place_id",), (
        text("place_id", "地区编号"), text("name", "名称"),
        code("kind", "类别", {"county": "县", "town": "乡镇", "street": "街道", "village": "行政村", "community": "社区"}),
        place("parent_id?", "上级地区编号"), number("lon?", "经度", low=-180, high=180),
        number("lat?", "纬度", low=-90, high=90), count("population?", "常住人口"),
        number("area_km2?", "面积平方公里", low=0),
    )),
    FactTable("institution", "机构", ("institution_id",), (
        text("institution_id", "机构编号"), text("name", "名称"), code("kind", "机构类别", INSTITUTION_KINDS),
        code("level", "级别", LEVELS), code("ownership", "举办性质", {"public": "公立", "private": "民营"}),
        text("consortium_id?", "医共体编号"), text("zone_id?", "片区编号"), institution("parent_id?", "上级机构编号"),
        place(), number("lon?", "经度", low=-180, high=180), number("lat?", "纬度", low=-90, high=90),
        count("beds?", "编制床位"), flag("is_lead", "是否牵头医院"), flag("in_county", "是否县域内"),
        day("opened_on?", "开业日期"), day("closed_on?", "停业日期", future=True),
    ), orders=(("opened_on", "closed_on"),)),
    FactTable("staff", "人员", ("staff_id",), (
        text("staff_id", "人员编号"), institution(),
        code("profession", "专业类别", {
            "physician": "执业医师", "assistant_physician": "执业助理医师", "nurse": "注册护士", "pharmacist": "药师",
            "clinical_pharmacist": "临床药师", "technician": "技师", "public_health": "公卫医师",
            "village_doctor": "乡村医生", "psychologist": "心理治疗师", "manager": "管理人员", "other": "其他"}),
        code("title", "职称", {"none": "无", "junior": "初级", "attending": "中级", "associate_senior": "副高",
                             "senior": "正高"}),
        text("specialty?", "专科"), flag("general_practitioner", "是否全科医生"), day("hired_on", "入职日期"),
        day("left_on?", "离职日期", future=True),
    ), orders=(("hired_on", "left_on"),)),
    FactTable("posting", "派驻", ("posting_id",), (
        text("posting_id", "派驻编号"), Column("staff_id", "人员编号", Kind.TEXT, refers="staff"),
        institution("from_institution_id", "派出机构编号"), institution("to_institution_id", "派驻机构编号"),
        code("kind", "派驻方式", {"long": "长期派驻", "short": "短期支援", "circuit": "巡诊"}),
        day("start_on", "开始日期", future=True), day("end_on?", "结束日期", future=True),
    ), orders=(("start_on", "end_on"),)),
    FactTable("resident", "居民", ("resident_id",), (
        resident(), code("sex", "性别", SEXES), day("birth_date", "出生日期"), place("place_id?"),
        code("insured_as", "参保类型", SCHEMES), Column("key_groups", "重点人群", Kind.LIST, choices=KEY_GROUPS),
        day("registered_on", "建档日期"), day("died_on?", "死亡日期"),
    ), orders=(("birth_date", "registered_on"), ("birth_date", "died_on"))),
    FactTable("identity", "身份", ("resident_id",), (
        resident(), text("name", "姓名"), text("id_number?", "身份证号"), text("phone?", "电话"),
    )),
)  # fmt: skip

_ENCOUNTERS = (
    FactTable("visit", "门急诊就诊", ("visit_id",), (
        text("visit_id", "就诊编号"), resident(), institution(), day("day", "就诊日期"),
        code("kind", "就诊方式", {"outpatient": "门诊", "emergency": "急诊", "internet": "互联网", "home": "上门",
                              "circuit": "巡诊", "checkup": "体检"}),
        text("department?", "科室"), listing("dx", "诊断"), flag("tcm", "是否中医"), money("total_fen", "总费用"),
        money("fund_fen", "基金支付"), money("self_fen", "个人负担"), flag("booked", "是否预约"),
        text("referral_id?", "转诊编号"),
    ), month="day", sums=(Sum(("fund_fen", "self_fen"), "total_fen"),)),
    FactTable("stay", "住院", ("stay_id",), (
        text("stay_id", "住院编号"), resident(), institution(), day("admitted_on", "入院日期"),
        day("discharged_on", "出院日期"), text("department?", "科室"),
        code("discharge_way", "离院方式", {"1": "医嘱离院", "2": "医嘱转院", "3": "医嘱转基层", "4": "非医嘱离院",
                                        "5": "死亡", "9": "其他"}),
        listing("dx", "诊断"), listing("procedures", "手术操作"), count("age_years", "年龄", high=130),
        count("age_days?", "日龄", high=366), code("sex", "性别", SEXES),
        number("birth_weight_g?", "出生体重克", low=0, high=20000), flag("tcm", "是否中医"), money("total_fen", "总费用"),
        money("fund_fen", "基金支付"), money("self_fen", "个人负担"), money("deductible_fen", "起付线"),
        money("drug_fen", "药品费"), money("material_fen", "材料费"), money("exam_fen", "检查费"), money("lab_fen", "检验费"),
        money("service_fen", "医疗服务费"), code("insured_as", "参保类型", SCHEMES), text("referral_id?", "转诊编号"),
        count("operation_level?", "手术级别", high=4),
    ), month="discharged_on", orders=(("admitted_on", "discharged_on"),),
        sums=(Sum(("fund_fen", "self_fen"), "total_fen"),
              Sum(("drug_fen", "material_fen", "exam_fen", "lab_fen", "service_fen"), "total_fen", exact=False))),
    FactTable("charge", "费用明细", ("charge_id",), (
        text("charge_id", "明细编号"), text("encounter_id", "就诊或住院编号"), resident(), institution(),
        day("day", "费用日期"), text("item_code", "项目编码"), text("item_name", "项目名称"),
        code("category", "费用类别", {"registration": "挂号", "bed": "床位", "exam": "检查", "lab": "检验",
                                  "treatment": "治疗", "surgery": "手术", "nursing": "护理", "drug": "西药中成药",
                                  "tcm_drug": "中药饮片", "material": "材料", "other": "其他"}),
        number("quantity", "数量"), money("unit_price_fen", "单价"), Column("amount_fen", "金额", Kind.FEN),
        Column("fund_fen", "基金支付", Kind.FEN), text("prescriber_id?", "开单人编号"),
    ), month="day", products=(Product("quantity", "unit_price_fen", "amount_fen"),)),
    FactTable("prescription_line", "处方明细", ("prescription_id", "line"), (
        text("prescription_id", "处方编号"), count("line", "行号"), text("encounter_id?", "就诊或住院编号"), resident(),
        institution(), text("prescriber_id", "开方人编号"), day("day", "开方日期"), text("drug_code", "药品编码"),
        text("drug_name", "药品名称"), number("dose", "单次剂量", low=0), text("dose_unit", "剂量单位"),
        text("route", "给药途径"), text("frequency", "频次"), count("days", "天数"), number("quantity", "数量", low=0),
        listing("dx", "诊断"), code("kind", "药品类别", {"western": "西药", "tcm_patent": "中成药",
                                                   "tcm_herbal": "中药饮片"}),
        flag("long_term", "是否长期处方"),
        code("reviewed", "审方结果", {"auto_pass": "系统通过", "pharmacist_pass": "药师通过", "returned": "退回",
                                  "overridden": "医师坚持", "none": "未审"}),
    ), month="day"),
    FactTable("exam", "检查检验", ("exam_id",), (
        text("exam_id", "检查编号"), resident(), code("kind", "类别", {"imaging": "影像", "ecg": "心电", "lab": "检验",
                                                                "pathology": "病理"}),
        text("item_code", "项目编码"), institution("ordered_by", "申请机构编号"), institution("read_by?", "诊断机构编号"),
        instant("ordered_at", "申请时间"), instant("done_at?", "检查时间"), instant("reported_at?", "报告时间"),
        flag("critical", "是否危急值"), text("recognised_exam_id?", "互认的检查编号"), text("repeat_reason?", "重复检查理由"),
    ), month="ordered_at", orders=(("ordered_at", "done_at"), ("done_at", "reported_at"))),
    FactTable("measurement", "体征测量", ("resident_id", "code", "at"), (
        resident(), code("code", "项目", MEASURES), instant("at", "测量时间"), institution("institution_id?"),
        number("value", "数值", low=0), text("unit", "单位"),
        code("source", "来源", {"clinic": "机构", "home": "家庭", "device": "设备"}),
    ), month="at"),
)  # fmt: skip

_PROGRAMME_FACTS = (
    FactTable("contract", "签约", ("contract_id",), (
        text("contract_id", "签约编号"), resident(), institution(), text("team_id", "团队编号"), day("start_on", "开始日期"),
        day("end_on", "结束日期", future=True), text("package", "服务包"), flag("paid", "是否有偿"),
    ), orders=(("start_on", "end_on"),)),
    FactTable("enrolment", "慢病等专案管理", ("enrolment_id",), (
        text("enrolment_id", "专案编号"), resident(), code("programme", "项目", PROGRAMMES), institution(),
        day("start_on", "开始日期"), day("end_on?", "结束日期", future=True),
    ), orders=(("start_on", "end_on"),)),
    FactTable("follow_up", "随访", ("follow_up_id",), (
        text("follow_up_id", "随访编号"), resident(), code("programme", "项目", PROGRAMMES), institution(),
        day("day", "随访日期"), code("mode", "方式", {"clinic": "门诊", "home": "家庭", "phone": "电话", "online": "线上"}),
        text("result", "结果"), day("next_due?", "下次随访日期", future=True),
    ), month="day"),
    FactTable("contract_item", "签约服务项目", ("contract_id", "item", "due_on"), (
        text("contract_id", "签约编号"), text("item", "项目编号"), day("due_on", "应完成日期", future=True), resident(),
        institution(), text("team_id", "团队编号"), day("done_on?", "完成日期"),
        code("said?", "居民评价", {"confirmed": "认可", "disputed": "有异议"}),
    ), month="due_on"),
    FactTable("referral", "转诊", ("referral_id",), (
        text("referral_id", "转诊编号"), resident(),
        code("direction", "方向", {"up": "上转", "down": "下转", "lateral": "平转"}),
        institution("from_institution_id", "转出机构编号"), institution("to_institution_id", "转入机构编号"),
        instant("sent_at", "发出时间"), instant("accepted_at?", "接收时间"), instant("arrived_at?", "到院时间"),
        instant("returned_at?", "回转时间"), instant("closed_at?", "结案时间"), flag("reserved", "是否使用预留资源"),
        text("outcome?", "结局"),
    ), month="sent_at", orders=(("sent_at", "accepted_at"), ("sent_at", "closed_at"))),
    FactTable("case_step", "流程步骤", ("case_id", "at", "step"), (
        text("case_id", "事项编号"), instant("at", "时间"), text("step", "步骤"), text("workflow", "流程"),
        text("from_state?", "原状态"), text("to_state", "新状态"), institution("institution_id?"), text("role", "角色"),
        instant("due_at?", "应完成时间", future=True), flag("late", "是否超时"),
    ), month="at"),
    FactTable("death", "死亡", ("resident_id",), (
        resident(), day("day", "死亡日期"), text("cause", "根本死因"), count("age_years", "死亡年龄", high=130),
    )),
    FactTable("infectious_report", "传染病报告", ("report_id",), (
        text("report_id", "报告卡编号"), resident("resident_id?"), text("disease", "病种"), day("onset_on?", "发病日期"),
        instant("diagnosed_at", "诊断时间"), instant("reported_at", "报告时间"), place("place_id?"), institution(),
        code("case_class", "病例分类", {"suspected": "疑似", "clinical": "临床诊断", "confirmed": "确诊",
                                    "carrier": "病原携带者"}),
        code("status", "状态", {"valid": "有效", "corrected": "订正", "deleted": "删除"}),
    ), month="diagnosed_at", orders=(("diagnosed_at", "reported_at"),)),
)  # fmt: skip

_MEANS = (
    FactTable("finance", "财务", ("institution_id", "month", "account"), (
        institution(), month("month", "月份"), text("account", "科目"), Column("amount_fen", "金额", Kind.FEN),
    )),
    FactTable("payroll", "薪酬", ("staff_id", "month"), (
        Column("staff_id", "人员编号", Kind.TEXT, refers="staff"), month("month", "月份"), institution(),
        money("amount_fen", "金额"),
    )),
    FactTable("equipment", "设备", ("institution_id", "kind"), (
        institution(), text("kind", "设备类别"), count("count", "台数"), flag("networked", "是否联网"),
    )),
    FactTable("budget", "医保预算", ("year", "consortium_id", "insured_as", "scheme"), (
        count("year", "年度", low=2000, high=2100), text("consortium_id", "医共体编号"), code("insured_as", "参保类型", SCHEMES),
        code("scheme", "费用类别", {"inpatient": "住院", "outpatient": "门诊", "global": "总额"}), money("amount_fen", "金额"),
    )),
    FactTable("drug_stock", "药品库存", ("institution_id", "drug_code", "day"), (
        institution(), text("drug_code", "药品编码"), day("day", "日期"), number("quantity", "数量", low=0),
        money("unit_cost_fen", "单位成本"),
    ), month="day"),
)  # fmt: skip

_CLINICAL = (
    FactTable("condition", "诊断记录", ("condition_id",), (
        text("condition_id", "诊断编号"), resident(), institution("institution_id?"), text("encounter_id?", "就诊或住院编号"),
        day("day?", "诊断日期"), text("code", "诊断编码"), text("name?", "诊断名称"), text("status?", "状态"),
    ), month="day"),
    FactTable("procedure", "操作记录", ("procedure_id",), (
        text("procedure_id", "操作编号"), resident(), institution("institution_id?"), text("encounter_id?", "就诊或住院编号"),
        day("day?", "操作日期"), text("code", "操作编码"), text("name?", "操作名称"),
    ), month="day"),
    FactTable("immunization", "预防接种", ("immunization_id",), (
        text("immunization_id", "接种编号"), resident(), institution("institution_id?"), day("day", "接种日期"),
        text("vaccine_code", "疫苗编码"), text("vaccine_name?", "疫苗名称"), count("dose?", "剂次"), text("lot?", "批号"),
    ), month="day"),
    FactTable("allergy", "过敏史", ("allergy_id",), (
        text("allergy_id", "过敏编号"), resident(), day("day?", "记录日期"), text("substance_code", "过敏原编码"),
        text("substance_name?", "过敏原名称"), text("category?", "类别"), text("criticality?", "严重程度"),
    )),
)  # fmt: skip

COUNTY: Mapping[str, FactTable] = {
    table.name: table for table in (*_PLACES_AND_PEOPLE, *_ENCOUNTERS, *_PROGRAMME_FACTS, *_MEANS, *_CLINICAL)
}
"""Every fact table by name, in the order in which a folder is loaded (what is referred to comes first)."""
