"""Target or standing norm: what is to be reached once, or what is to hold all the time."""

import re
from dataclasses import replace

from yigongti.capabilities.ledger.reading import measure_words, words
from yigongti.capabilities.ledger.reading.frames import Frame, Sentence
from yigongti.capabilities.ledger.reading.model import Kind, Target, tidy

_EVERY = re.compile(
    r"(?P<base>每(?:个|家|所|名|县|镇|乡|村|街道|社区|院|科|床|位|户|支|省|市|区|团队)(?:\([^)]*\)|[^,;。、\d(])*?)(?:都|均|要|应|须|需|至少|原则上|不少于|规划|设置|配备|设立|建成|建设|配置|安排|拥有|有|办好|明确|确定|选定|培养|培训|派|达到|不低于|不少于|不超过|支持|补助|奖励|组建|$)"
    r"|(?P<rate>每(?:[一二三两\d]{0,2}(?:个)?(?:年|月|周|季度|学期|日|天)|半年))"
)
_ALLOCATES = re.compile(r"(?:预留|安排|提取|划拨|计提|留出|拿出|列支|报销|支付|承担|补助|返还|按照?|将|设置)$")
_DISPOSES = re.compile(r"^(?:将|把)")
_ALLOCATED = re.compile(
    r"^(?:以上|以内|左右)?(?:的[^,;。]{0,20}?)?(?:用于|优先|给|拨付|由[^,;。]{1,12}承担|留用|返还|提取|安排|设置|计提|保障)|^的(?:比例|标准|额度)"
)
_STAFFS = re.compile(r"至少(?:开展|掌握|具备|提供|有|派|配|设|安排|选派|建|建成|明确|确定|保证|保留|派出|配备)")
_SIZE = re.compile(
    r"(?:规模|人口数?|床位数?|面积|距离|人数|数量|数|收入|年限|时间|工龄|龄|产值|占比|比例)(?:在|为|达|达到)?$"
)
_OWN_MEASURE = re.compile(r"(?:率|占比|比例|比重|水平|指数)$")
_GRANTS = re.compile(r"补助|补贴|奖励|资助|津贴|补偿")
_TO_EACH = re.compile(r"每人|每名|每位|每户|每所|每家|每个|给予|发放|一次性|按(?!照?规定)")
_OUTCOME = re.compile(r"平均|中位数|住院日")
_MOVES = re.compile(r"缩短|缩减|下降|降|控制|压缩|提高|提升|延长|达到")
_BODY = re.compile(r"医院|卫生院|中心|卫生室|机构|科室?(?:人员|床位|面积)|团队|队伍|站")
_ACTS = re.compile(rf"(?:{words.FLOW})|建成|建设|创建|打造|每年")
_CONDITION = re.compile(r"^的[一-鿿]")


def base_of(frame: Frame, sentence: Sentence) -> str:
    """What a norm is counted for: 每周, 每个建制街道, 每0.8万-2万人; empty when nothing is said."""
    for base in sentence.bases:
        if frame.left_start <= base.start < frame.quantity.start:
            return "每" + sentence.text[base.start : base.end]
    said = list(_EVERY.finditer(frame.left))
    return (said[-1]["base"] or said[-1]["rate"]) if said else ""


def kind_of(frame: Frame, sentence: Sentence, *, due: str | None, base: str) -> Kind:
    """`rule` for frequencies, durations, norms per base, allocations and conditions without a deadline."""
    if is_condition(frame):
        return "rule"
    if due is not None:
        return "target"
    return "rule" if any(norm(frame, sentence, base) for norm in _NORMS) else "target"


def _is_rhythm(frame: Frame, _sentence: Sentence, base: str) -> bool:
    """每周至少两次, 派驻不少于6个月; but 平均住院日降到8天 is an aim."""
    unit = frame.quantity.unit.lstrip("十百千万亿")
    if measure_words.is_duration(unit) and unit != "岁":
        return not (_OUTCOME.search(frame.left) or (frame.before is not None and _MOVES.match(frame.before.word)))
    return measure_words.is_frequency(unit) and bool(base or frame.before or frame.after)


def _is_norm_of_each(frame: Frame, _sentence: Sentence, base: str) -> bool:
    """每个街道设置1个."""
    if frame.quantity.form == "ratio" or base.startswith(("每年", "每千", "每万", "每百", "每1", "每十")):
        return False
    return bool(base)


def _is_allocation(frame: Frame, _sentence: Sentence, base: str) -> bool:
    """预留20%的号源, 不低于70%的费用用于薪酬, 按3万元的标准补助: how a fund or stock is shared out."""
    stem = _stem(frame)
    if frame.quantity.form == "share":
        disposed = _DISPOSES.match(stem) and not _OWN_MEASURE.search(stem)
        return not base.startswith("每年") and bool(
            _ALLOCATES.search(stem) or _ALLOCATED.search(frame.tail) or disposed
        )
    return frame.quantity.form == "plain" and bool(re.match(r"的(?:标准|额度)", frame.tail))


def _is_grant(frame: Frame, _sentence: Sentence, _base: str) -> bool:
    """每人每年补助2万元."""
    money = frame.quantity.unit.endswith("元")
    return money and bool(_GRANTS.search(frame.left + frame.right) and _TO_EACH.search(frame.left))


def _is_staffing(frame: Frame, sentence: Sentence, base: str) -> bool:
    """每5万人配备1辆, 至少有1名主治医师, 乡镇卫生院床位不少于50张: what a body is to have at any time."""
    if frame.quantity.form != "plain" or base.startswith("每年"):
        return False
    per_head = bool(sentence.bases) and bool(re.search(r"设置|配备|配置|建设|规划|安排|设立", frame.left))
    least = frame.before is not None and frame.before.word.startswith("不")
    held = least and bool(_BODY.search(_stem(frame))) and not _ACTS.search(_stem(frame))
    return per_head or bool(_STAFFS.search(frame.left)) or held


def _is_part_of_base(frame: Frame, _sentence: Sentence, _base: str) -> bool:
    """派出人数不少于招聘总数的80%."""
    before = frame.before
    based = before is not None and before.form == "based" and before.word.startswith("不")
    return based and not _OWN_MEASURE.search(_stem(frame))


_NORMS = (_is_rhythm, _is_norm_of_each, _is_allocation, _is_grant, _is_staffing, _is_part_of_base)


def _stem(frame: Frame) -> str:
    """The words before the number without its comparison."""
    return frame.left[: frame.before.start] if frame.before and frame.before.form != "afloat" else frame.left


def with_ranged_base(target: Target, frame: Frame, sentence: Sentence) -> Target:
    """每0.8万-2万人设置1个: the norm is the range of people one is for."""
    for base in sentence.bases:
        if base.upper is not None and frame.left_start <= base.start < frame.quantity.start and target.value == 1:
            return replace(target, value=tidy(base.value), upper=tidy(base.upper), unit=base.unit, comparator="=")
    return target


def is_condition(frame: Frame) -> bool:
    """True for 服务人口低于800人的行政村: the number says which ones are meant."""
    before, after = frame.before, frame.after
    if not _CONDITION.match(frame.right) or frame.quantity.form not in ("plain", "bare"):
        return False
    if before is not None and before.form == "prefix":
        return bool(_SIZE.search(frame.left[: before.start]))
    return after is not None and after.word in ("以上", "以下") and bool(_SIZE.search(frame.left))
