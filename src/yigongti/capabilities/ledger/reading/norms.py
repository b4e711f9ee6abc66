"""What makes a number a norm: a rhythm, something each body is to have, a share set aside, a grant, a condition.

Each predicate looks at one number in its frame and says one thing; `kinds` weighs them.
"""

import re
from dataclasses import replace

from yigongti.capabilities.ledger.reading import measure_words
from yigongti.capabilities.ledger.reading.frames import Frame, Sentence
from yigongti.capabilities.ledger.reading.model import Target, tidy

_EVERY = re.compile(
    r"(?P<base>每(?:个|家|所|名|批|岗|辆|台|座|条|间|县|镇|乡|村|街道|社区|院|科|床|位|户|支|省|市|区|团队)(?:\([^)]*\)|[^,;。、\d(])*?)(?:都|均|要|应|须|需|至少|原则上|不少于|规划|设置|配备|设立|建成|建设|配置|安排|拥有|有|办好|明确|确定|选定|培养|培训|派|达到|不低于|不少于|不超过|支持|补助|奖励|组建|按照?|由|(?=每[年月周季])|$)"
    r"|(?P<rate>每(?:[一二三两\d-]{0,3}(?:个)?(?:年|月|周|季度|学期|日|天)|半年|批次|次(?=[选派表])))"
)
_ALLOCATES = re.compile(
    r"(?:预留|提供|安排|提取|划拨|计提|留出|拿出|列支|报销|支付|承担|补助|返还|按照?|(?<![率比数量])将|设置)$"
)
_OF_FUND = re.compile(r"(?:资金|经费|基金|结余|补助|收入)的$")
_DISPOSES = re.compile(r"^(?:将|把)")
_ALLOCATED = re.compile(
    r"^(?:以上|以内|左右)?(?:的[^,;。]{0,20}?)?(?:直接|全部|主要|专项|优先)?(?:用于|优先|给|拨付|由[^,;。]{1,12}承担|留用|返还|保障|奖励|归)|^的?[^,;。]{0,28}挂钩|^(?:以上|以内|左右)?(?:提取|安排|计提)|^(?:专门|优先|单独)?预留|^(?:根据|依据|按)[^,;。]{2,16}(?:拨付|发放|兑现)|^的(?:比例|标准|额度)"
)
_SHARED_OUT = re.compile(
    r"(?:承担|分担|留用|预留|权重|分值|抽取|抽查(?!.*率).{0,6}(?:比例|数量?)|抽样比例|用于[^,;。]{2,16}的(?:比例|占比)?|系数|核减|扣减|扣除|返还|计提|提取|预拨|上浮|下浮|倾斜)[^,;。]{0,12}$"
)
_STRIVES = re.compile(r"力争|争取|确保")
_OBLIGES = re.compile(
    r"适宜(?!技术)|按(?!规定|要求|计划|期|时|需|病|人头|疾|床|劳|质|服务项目)照?(?=[^,;]{0,14}$)|应当|(?<![相对反效响适供顺])应(?!急|用|对|届|诊|收)|必须|须(?!知)|不得|不宜"
)
_USUAL = re.compile(r"原则上|一般(?=不|应|为|在|控制)")
_STAFFS = re.compile(r"至少(?:拥有|开展|掌握|具备|提供|有|派|配|设|安排|选派|建|建成|明确|确定|保证|保留|派出|配备)")
_OF_TOTAL = re.compile(r"^(?!.*占).*总[数量额]的$")
_SIZE = re.compile(
    r"(?:规模|人口数?|床位数?|面积|半径|距离|人数|数量|数|收入|年限|时间|工龄|龄|产值|占比|比例|率|幅度)(?:在|为|达|达到)?$"
)
_OWN_MEASURE = re.compile(r"(?:率|占比|比例|比重|水平|指数)$")
_COMPARED_PAY = re.compile(r"(?:收入|薪酬|待遇)水平不低于[^,;。]+的$")
_GRANTS = re.compile(r"奖补|以奖代补|补助|补贴|奖励|资助|津贴|补偿|安家费|购房|租房|生活费")
_GRANTING = re.compile(r"给予[^,;。]{0,12}(?:奖励|补助|补贴|奖补|资助)[,:(]$")
_GRANTED = re.compile(r"(?:^|给予|[^政])(?:奖励|奖补)$")
_TO_EACH = re.compile(
    r"^对|每(?!年|月|周|季|天|日)[一-鿿]|每人|每名|每位|每户|每所|每家|每个|给予|发放|一次性|按(?!照?规定)"
)
_MATERIALS = re.compile(r"资料|音像|宣传栏")
_OUTCOME = re.compile(r"平均|中位数|住院日|(?:响应|反应|等待|等候|候诊|恢复|到达|滞留)时间|可支付月数")
_MOVES = re.compile(r"缩短|缩减|下降|降|控制|压缩|提高|提升|延长|达|增至|升至")
_BODY = re.compile(r"医院|卫生院|中心|卫生室|实验室|机构|科室?(?:人员|面积)|团队|队伍|站")
_PERSONNEL = re.compile(r"(?:人员|医师|护士|医生|药师|技师)$")
_RATE = re.compile(r"每(?:[一二三两\d半]{0,2}个?(?:年|月|季度|学期))")
_EQUIPS_STAFF = re.compile(r"(?:配备|配置)[^,;。]{0,8}(?:人员|医师|护士|药师)?$")
_BEDS = re.compile(r"(?:(?:实际|核定)(?:开放)?床位|病床)数?")
_EQUIPS = re.compile(r"(?:配备|配置|配齐)$")
_BODY_LAST = re.compile(r"(?:医院|卫生院|中心|卫生室|机构|科室?|团队|队伍|站)(?:数量?)?$")
_ACTS = re.compile(
    r"建成|建设|创建|打造|每年|年度|全年|新增|引进|引育|招聘|招录|招收|培养|培育|培训|下派|选派|选送|派出|派驻|新建|改造|改扩建|购置"
    r"|举办|累计|组建|下沉|进修|获批|获评|达到|实现|投入|筹集|完成|转化|签约"
)
_PER_HEAD = re.compile(r"每[百千万亿\d]+[^,;]{0,4}(?:人口?|居民|床位?)")
_ENTITLES = re.compile(
    r"(?:支付|报销|补偿|救助|自付|赔付|分担)(?:比例|限额)$|(?:标准|限额|起付线|封顶线|限价|单价|价格|保费|诊[察查]费|护理费|加收|减收|收取)(?:分别)?$|人均(?:财政)?补助(?:标准)?$|每人(?:每[年月次])?$"
)
_PAY = re.compile(r"薪酬|工资|年薪")
_PAY_SPLIT = re.compile(r"(?:(?:奖励性|基础性)绩效(?:工资)?|绩效年薪|基本年薪)(?:的?占比|比例|比重)?$|年薪$")
_DIFFERS = re.compile(
    r"(?:报销|支付|补偿|赔付|自付)(?:比例|标准)(?:在[^,;。]{2,10}基础上)?(?:相应|再|分别|适当)?(?:提高|提升|降低|下降|减少|下调|上调)$|(?:报销|支付)比例比[^,;。]{2,12}(?:高|低)$|起付(?:标准|线)(?:[^,;。]{0,6})?(?:降低|减少|下调)$"
)
_MAY = re.compile(r"可(?:以|适当|按|放宽)?(?:提高|提升|上浮|放宽|增加)[到至]?$")
_MAKEUP = re.compile(r"(?:人员|职称|学历|岗位)[^,;。]{0,6}(?:占[^,;。]{2,16}|占比|比例|比重)$")
_SAMPLES = re.compile(r"(?:抽查|抽取|走访|访问|访谈|查阅|入户|访视)(?!.*数量)")
_WEIGHT = re.compile(r"(?:所占)?(?:占比|比重|权重|分值)")
_ASSESSED = re.compile(r"(?:纳入|作为)[^。]*(?:考核|评价|考评)[^,;。]{0,6},$")
_FOR_CASE = re.compile(r"的,$")
_FOR_THOSE = re.compile(
    r"(?:超过|不足|低于|高于|多于|少于|以上|以下)[^,;。]*的(?:县|市|区|乡镇|镇|街道|村|社区|机构|医院|卫生院|地区)[^,;。]{0,4}设[^,;。]{0,2}$"
)
_OF_PEOPLED = re.compile(r"万(?:以上|以下)?(?:常住)?人口(?:以上|以下)?的(?:县|市|区|城市)$")
_OWN_RATE = re.compile(r"(?:率|比例)(?:提高|降低)$")
_PAYS = re.compile(r"(?:资助|补助|补贴|救助|减免|支付|报销|降低|提高)$")
_PER_ONE = re.compile(r"每(?:人|次|床|张|户|村|例|日|台|所|家)(?:每?[年月日次天])?$")
_RAISES = re.compile(r"提高|提升|增加|上调|新增|^达到?")
_MANNING = re.compile(r"(?:床|护|医|师|人|员|患|生|教|者).{0,6}比(?![重较率])")
_RADIUS = re.compile(r"(?:半径|距离|路程)(?:原则上|一般)?$")
_COUNTED_BODY = ("家", "所", "个", "支", "处")
_CONDITION = re.compile(r"^的(?!标准(?!化)|比例|额度|要求)[一-鿿]")


def base_of(frame: Frame, sentence: Sentence) -> str:
    """What a norm is counted for: 每周, 每个建制街道, 每0.8万-2万人; empty when nothing is said."""
    for base in sentence.bases:
        if frame.left_start <= base.start < frame.quantity.start:
            return "每" + sentence.text[base.start : base.end]
    said = list(_EVERY.finditer(frame.left))
    body = next((match["base"] for match in said if match["base"]), None)
    return body or (said[-1]["rate"] if said else "")


def is_timeless(frame: Frame, sentence: Sentence, base: str) -> bool:
    """每季度调度一次, 对优秀的县奖励50万元: what comes again and again has no day by which it is done."""
    if measure_words.is_frequency(frame.quantity.unit):
        return base.startswith("每") or bool(re.search(r"全年|年度|每", frame.left))
    if measure_words.is_duration(frame.quantity.unit) and _RATE.match(base):
        return True
    return is_condition(frame) or _is_grant(frame, sentence) or _is_price(frame, sentence, base)


def is_rhythm(frame: Frame, _sentence: Sentence, base: str) -> bool:
    """每周至少两次, 派驻不少于6个月; but 平均住院日降到8天 is an aim."""
    unit = frame.quantity.unit.lstrip("十百千万亿")
    if unit.endswith("工作日"):
        return not (frame.before is not None and _MOVES.match(frame.before.word))
    if measure_words.is_duration(unit) and unit != "岁":
        return not (_OUTCOME.search(frame.left) or (frame.before is not None and _MOVES.match(frame.before.word)))
    if base.startswith("每年") and _MATERIALS.search(frame.left + frame.right):
        return True
    return measure_words.is_frequency(unit) and bool(base or frame.before or frame.after)


def is_norm_of_each(frame: Frame, sentence: Sentence, base: str) -> bool:
    """每个街道设置1个."""
    if frame.quantity.form == "ratio" or base.startswith(("每年", "每千", "每万", "每百", "每1", "每十")):
        return False
    if _FOR_THOSE.search(sentence.text[: frame.quantity.start]) or _OF_PEOPLED.search(_stem(frame)):
        return True
    if base.startswith(("每日", "每天")) and frame.before is not None and _MOVES.match(frame.before.word):
        return False
    return bool(base)


def is_allocation(frame: Frame, _sentence: Sentence, base: str) -> bool:
    """预留20%的号源, 不低于70%的费用用于薪酬, 按3万元的标准补助: how a fund or stock is shared out."""
    stem = _stem(frame)
    if frame.quantity.form == "share":
        disposed = (_DISPOSES.match(stem) and not _OWN_MEASURE.search(stem)) or _OF_FUND.search(stem)
        if disposed or base.startswith("每年"):
            return bool(disposed)
        return bool(_ALLOCATES.search(stem) or _ALLOCATED.search(frame.tail))
    return frame.quantity.form == "plain" and bool(re.match(r"的?(?:标准|额度)(?!化)", frame.tail))


def _is_grant(frame: Frame, sentence: Sentence) -> bool:
    """每人每年补助2万元."""
    if "元" not in frame.quantity.unit:
        return False
    if _GRANTING.search(sentence.text[: frame.left_start]):
        return True
    given = _GRANTS.search(frame.left + frame.tail) and _TO_EACH.search(frame.left)
    return bool(given or _GRANTED.search(frame.left))


def is_staffing(frame: Frame, _sentence: Sentence, base: str) -> bool:
    """每5万人配备1辆, 至少有1名主治医师, 乡镇卫生院床位不少于50张: what a body is to have at any time."""
    if frame.quantity.form != "plain" or base.startswith("每年"):
        return False
    headed = bool(base) or bool(_PER_HEAD.search(frame.left))
    reached = frame.before is not None and bool(_MOVES.match(frame.before.word))
    per_head = (
        headed and not reached and bool(re.search(r"设置|配备|配置|建设|规划|安排|设立", frame.left + frame.right[:6]))
    )
    least = frame.before is not None and frame.before.word.startswith(("不", "应不", "至少"))
    stem = _stem(frame)
    counted = frame.quantity.unit in _COUNTED_BODY and bool(_BODY_LAST.search(stem))
    lasting = measure_words.is_duration(frame.quantity.unit)
    manned = frame.quantity.unit in ("名", "人") and bool(_PERSONNEL.search(stem)) and not _PER_HEAD.match(stem)
    bodied = bool(_BODY.search(stem)) and not counted and frame.quantity.unit not in ("级", "分", "岁")
    spacious = frame.quantity.unit == "平方米" or bool(frame.quantity.unit == "张" and _BEDS.fullmatch(stem))
    held = least and not lasting and (spacious or ((bodied or manned) and not _ACTS.search(stem)))
    equipped = bool(_EQUIPS.search(stem)) and (least or (frame.after is not None and frame.after.word == "以上"))
    equipped = equipped or (frame.quantity.upper is not None and bool(_EQUIPS_STAFF.match(stem)))
    return per_head or equipped or bool(_STAFFS.search(frame.left)) or held


def is_part_of_base(frame: Frame, sentence: Sentence, _base: str) -> bool:
    """派出人数不少于招聘总数的80%; 负责人员中,基层代表不少于三分之一."""
    before = frame.before
    if _OF_TOTAL.search(frame.left) and before is None and frame.after is not None:
        return True
    if before is None or not before.word.startswith(("不", "应不", "控制在")) or _OWN_MEASURE.search(_stem(frame)):
        return bool(_COMPARED_PAY.search(frame.left))
    among = frame.quantity.form == "share" and sentence.text[: frame.left_start].endswith("中,")
    return before.form == "based" or among or frame.left.endswith("的")


def is_shared_out(frame: Frame, _sentence: Sentence, _base: str) -> bool:
    """医保基金承担80元, 结余留用比例不低于70%: who bears or keeps how much."""
    if frame.quantity.unit == "倍" and _PAY.search(frame.left) and _is_capped(frame):
        return True
    if frame.before is not None and frame.before.word.startswith("不") and _PAY_SPLIT.search(_stem(frame)):
        return True
    return (frame.quantity.form in ("share", "bare") or frame.quantity.unit.endswith(("元", "分"))) and bool(
        _SHARED_OUT.search(_stem(frame)) and not _STRIVES.match(frame.left)
    )


def _is_capped(frame: Frame) -> bool:
    return frame.before is not None and frame.before.sign == "<="


def is_obligation(frame: Frame, _sentence: Sentence, _base: str) -> bool:
    """应达到25%, 不得低于85%: what is to hold rather than to be reached."""
    return bool(_OBLIGES.search(_with_bound(frame))) or frame.right.startswith("为宜")


def is_usual(frame: Frame, _sentence: Sentence, _base: str) -> bool:
    """原则上不超过30%."""
    return bool(_USUAL.search(_with_bound(frame)))


def _with_bound(frame: Frame) -> str:
    """The words before the number up to the end of its comparison."""
    stop = frame.before.end if frame.before and frame.before.form == "prefix" else len(frame.left)
    return frame.left[:stop]


def is_difference(frame: Frame, _sentence: Sentence, _base: str) -> bool:
    """报销比例提高3个百分点, 起付标准降低50%: what some get more or less than others."""
    return frame.quantity.unit.endswith(("元", "%", "百分点")) and bool(_DIFFERS.search(frame.left))


def is_permitted(frame: Frame, _sentence: Sentence, _base: str) -> bool:
    """高级岗位比例可提高到15%: how far one may go."""
    return bool(_MAY.search(_with_bound(frame)))


def is_for_case(frame: Frame, sentence: Sentence, _base: str) -> bool:
    """未经转诊到县外就医的,报销比例降低15个百分点: what holds for those it is said of."""
    return bool(_FOR_CASE.search(sentence.text[: frame.left_start]))


def is_sampled(frame: Frame, _sentence: Sentence, base: str) -> bool:
    """现场抽查分院不少于6个, 电话访问不少于100名: how many a check is to look at."""
    least = frame.before is not None and frame.before.word.startswith(("不", "至少"))
    return least and not base and frame.quantity.form == "plain" and bool(_SAMPLES.search(_stem(frame)))


def is_makeup(frame: Frame, _sentence: Sentence, _base: str) -> bool:
    """中级以上职称人员占比不低于60%: how a staff is to be made up."""
    least = frame.before is not None and frame.before.word.startswith(("不", "应不"))
    return least and frame.quantity.form == "share" and bool(_MAKEUP.search(_stem(frame)))


def is_weight(frame: Frame, sentence: Sentence, _base: str) -> bool:
    """纳入年度绩效考核,占比不低于10%: what it counts for in an assessment."""
    weighed = frame.quantity.form == "share" and _WEIGHT.fullmatch(_stem(frame))
    return bool(weighed and _ASSESSED.search(sentence.text[: frame.left_start]))


def is_benefit(frame: Frame, _sentence: Sentence, _base: str) -> bool:
    """起付标准为500元, 支付比例为60%, 个人缴费标准每人每年380元: what one is entitled to or has to pay."""
    if frame.quantity.unit.endswith("元") and frame.left.startswith(("最高", "最多")):
        return True
    if frame.quantity.unit.endswith("元") and _PER_ONE.search(_stem(frame)) and not _RAISES.search(frame.left):
        return True
    plain = frame.before is None or frame.before.sign == "="
    return plain and frame.after is None and not _RAISES.search(frame.left) and bool(_ENTITLES.search(_stem(frame)))


def _is_price(frame: Frame, sentence: Sentence, base: str) -> bool:
    """2024年个人缴费标准为380元: a year's price holds for the year and is not reached by its end."""
    return frame.quantity.unit.endswith("元") and is_benefit(frame, sentence, base)


def goes_on_paying(frame: Frame) -> bool:
    """…个人缴费400元,低保对象资助60%; …报销90%,未经转诊的降低10个百分点: said of the payment before it."""
    unit = frame.quantity.unit
    return (
        (unit.endswith("元") or unit in ("%", "百分点"))
        and frame.before is None
        and bool(_PAYS.search(frame.left))
        and not _OWN_RATE.search(frame.left)
    )


def is_manning_ratio(frame: Frame, _sentence: Sentence, _base: str) -> bool:
    """护士与实际开放床位比不低于0.5:1."""
    return frame.quantity.form == "ratio" and bool(_MANNING.search(frame.left))


def is_radius(frame: Frame, _sentence: Sentence, _base: str) -> bool:
    """服务半径不超过2公里."""
    return frame.quantity.unit in ("公里", "千米", "米") and bool(_RADIUS.search(_stem(frame)))


def has_own_measure(frame: Frame) -> bool:
    """True when the words before the number name a rate or share themselves."""
    return bool(_OWN_MEASURE.search(_stem(frame)))


def _stem(frame: Frame) -> str:
    """The words before the number without its comparison."""
    stem = frame.left[: frame.before.start] if frame.before and frame.before.form != "afloat" else frame.left
    return stem.removesuffix("分别")


def with_ranged_base(target: Target, frame: Frame, sentence: Sentence) -> Target:
    """每0.8万-2万人设置1个: the norm is the range of people one is for."""
    for base in sentence.bases:
        if measure_words.is_duration(base.unit.lstrip("十百千万")):
            continue
        if base.upper is not None and frame.left_start <= base.start < frame.quantity.start and target.value == 1:
            return replace(target, value=tidy(base.value), upper=tidy(base.upper), unit=base.unit, comparator="=")
    return target


def is_condition(frame: Frame) -> bool:
    """True for 服务人口低于800人的行政村: the number says which ones are meant."""
    before, after = frame.before, frame.after
    chosen = _CONDITION.match(frame.right) or frame.tail.startswith("或")
    if not chosen or frame.quantity.form not in ("plain", "bare", "share"):
        return False
    if before is not None and before.form == "prefix":
        apart = before.sign in (">", "<") or frame.quantity.form != "share"
        return apart and bool(_SIZE.search(frame.left[: before.start]))
    return after is not None and after.word in ("以上", "以下") and bool(_SIZE.search(frame.left))
