"""Tables of supervision's own: limits of the rule base in force, and what a pass over the charges leaves."""

from yigongti.kernel.facts import COUNTY, Column, FactTable, Kind

LIMIT_KINDS = {
    "sex": "限定性别", "age": "限定年龄", "scheme": "限定保险类型", "level": "限定机构等级", "setting": "限定就医方式",
    "course": "限定支付疗程", "interval": "限定周期", "daily": "限定频次", "paired": "重复收费",
    "operation": "限定主次操作",
}  # fmt: skip
"""What a line of the rule base limits → how people read it."""

WITHIN = {"day": "单日", "encounter": "单次就诊", "hours": "数小时内"}
"""Within what two charges must not stand together.  Charges have a day and no hour: two of a day may lie within some
hours, which papers must settle."""

LIMIT = FactTable("fund_limit", "规则库知识点", ("limit_id",), (
    Column("limit_id", "知识点编号", Kind.TEXT),
    Column("kind", "限定类型", Kind.CODE, choices=LIMIT_KINDS),
    Column("item_code", "项目编码", Kind.TEXT),
    Column("item_name", "项目名称", Kind.TEXT),
    Column("subject", "限定对象", Kind.TEXT),
    Column("quantity", "次数或天数", Kind.NUMBER, null=True),
    Column("period_days", "周期天数", Kind.INTEGER, null=True),
    Column("other_code", "从项编码", Kind.TEXT, null=True),
    Column("other_name", "从项名称", Kind.TEXT, null=True),
    Column("within", "范围", Kind.CODE, null=True, choices=WITHIN),
    Column("note", "说明", Kind.TEXT, null=True),
))  # fmt: skip
"""subject: sex code, name of an age group, scheme, level, setting, or group of operations; quantity: pieces a day,
days of a course, times in `period_days`, or the hours within which two items must not stand together."""

SUSPECT = FactTable(
    "suspect_line", "待查费用明细", ("charge_id",),
    (*COUNTY["charge"].columns, Column("own_name", "本名", Kind.TEXT, null=True)), month="day",
)  # fmt: skip
"""Charge lines that some detector may take up; own_name: what nearly all call the item, where this line does not."""

ITEM_PRICE = FactTable("item_price", "项目基金均价", ("item_code",), (
    Column("item_code", "项目编码", Kind.TEXT),
    Column("item_name", "项目名称", Kind.TEXT),
    Column("fund_fen", "每次基金支付", Kind.FEN),
))  # fmt: skip
"""What the fund pays for one piece of an item on average, to value what is not itself a charge."""

STAY_GROUP = FactTable("stay_group", "病例分组", ("stay_id",), (
    Column("stay_id", "住院编号", Kind.TEXT),
    Column("adrg", "核心病组", Kind.CODE, null=True),
    Column("mcc", "严重并发症", Kind.LIST, null=True),
    Column("cc", "一般并发症", Kind.LIST, null=True),
))  # fmt: skip
"""The core group of a stay by the county's scheme, and the diagnoses that count as complications in it."""

DOCTOR_DAY = FactTable("doctor_day", "医师日接诊", ("prescriber_id", "institution_id", "day"), (
    Column("prescriber_id", "开单人编号", Kind.TEXT),
    Column("institution_id", "机构编号", Kind.TEXT),
    Column("day", "日期", Kind.DAY),
    Column("encounters", "接诊人次", Kind.INTEGER),
    Column("fund_fen", "基金支付", Kind.FEN),
))  # fmt: skip
"""How many people a doctor charged a consultation on a day, where it is more than can be."""
