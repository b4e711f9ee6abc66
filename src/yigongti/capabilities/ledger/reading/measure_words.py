"""The units that policy texts count in (量词和计量单位)."""

POINTS = ("个百分点", "百分点", "个千分点", "千分点")
SHARES = ("%", "‰", "‱")
DURATIONS = (
    "个工作日", "工作日", "个自然日", "自然日", "个月", "个小时", "小时", "分钟", "秒钟", "秒", "周岁", "岁", "年",
    "月", "周", "个半天", "半天", "天", "日",
    "个学时", "学时", "个课时", "课时", "个疗程",
)  # fmt: skip
MONEY = ("美元", "元", "角")
FREQUENCIES = ("次", "轮", "遍", "回")
COUNTS = (
    "期", "班次", "场次", "场", "人次", "人份", "人天", "人年", "人", "个班次", "个批次", "批次", "个点", "个", "家次",
    "家", "所", "名", "位", "例次", "例", "项次",
    "项", "件次", "件", "台套", "台(套)", "台次", "台", "套", "辆", "架次", "架", "支", "处", "座", "栋", "幢",
    "间", "户次", "户", "对",
    "门", "班", "篇", "部", "本", "份", "条", "种", "类", "款", "只", "枚", "剂次", "剂", "针次", "针", "张次",
    "张", "床", "学分", "单位",
    "档", "片", "股", "盏", "组", "团队", "批", "分", "级", "强", "倍", "番", "剂", "瓶", "管", "箱", "孔", "道", "路",
    "村", "幅", "首", "盒",
)  # fmt: skip
SIZES = (
    "微克/立方米", "毫克/标准立方米", "毫克/立方米", "毫克/升", "分贝",
    "万平方米", "平方米", "㎡", "m²", "m2", "平方公里", "公里", "千米", "米", "亩", "公顷", "吨", "公斤", "千克",
    "kg", "mg", "g", "克", "毫升", "ml", "mL",
    "升", "ML", "mmHg", "毫米汞柱", "立方米", "DDDs", "DDD", "厘米", "KW", "千瓦",
)  # fmt: skip

ALL = tuple(sorted({*POINTS, *SHARES, *DURATIONS, *MONEY, *FREQUENCIES, *COUNTS, *SIZES}, key=len, reverse=True))


def is_share(unit: str) -> bool:
    """A part of a whole: %, ‰."""
    return unit in SHARES


def is_duration(unit: str) -> bool:
    """A length of time or an age."""
    return unit in DURATIONS


def is_frequency(unit: str) -> bool:
    """How many times."""
    return unit in FREQUENCIES
