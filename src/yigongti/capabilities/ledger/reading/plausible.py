"""Whether a number in its frame is something to be reached or kept, or only a number in passing."""

import re

from yigongti.capabilities.ledger.reading import measure_words, norms, scoring, words
from yigongti.capabilities.ledger.reading.frames import Frame, Sentence
from yigongti.capabilities.ledger.reading.quantities import RATIO_UNIT, REVERSED

_KNOWN_GROUP = re.compile(
    r"(?:全(?:市|县|区|省|州|国|域)|整合|辖区内?|上述|^以上|这|该|其他|其余|另外|现有|原有|所属|下辖|下设|辖|所辖|涉及|全部|所有|首批|涵盖|对|向|由|分为|划分为|划为|的|在内的|另)(?:的)?$"
)
_PLACES = re.compile(
    r"^(?:县|市|区|乡镇|乡|镇|街道|省|村|社区|行政村|区县|县区|片区|民族|新城)(?:\(|、|区|市|县|均|都|全部|要|实现|完成|全面|和|$)"
)
_ABSTRACT = re.compile(
    r"^(?:方面|环节|阶段|层次|层面|层级|维度|领域|原则|问题|重点(?!.{0,4}(?:专科|学科|实验室|医院|项目|人才))|步骤|部分|板块|类别|类型|体系|机制|制度|章节|文件|通知|意见|方案|统一|关系|特点|特色(?=$|[,、])|字|月|年头|目标|要求|条件|因素|要素|标准(?!化)|责任|关键|任务|(?:[一二三四]级)?指标|程序|流程|部门|单位(?!.{0,8}(?:创建|达标))|亮点|小康|世纪|实事|大事|[^,;。]{0,6}“?小目标)"
)
_EVERY = re.compile(
    r"每[百千万十\d]+(?:名|张|位)?(?:常住|户籍|服务)?(?:人口|居民|人|床位)|每(?:个|家|所|年|月|周|季度|半年|两年|[一二三两\d]年|学期|日|天|名|人|县|镇|乡|村|街道|社区|院|科|床|位|次|户|支|省|市|区|团队)|各[^,;。]{1,16}"
)
_REGULAR = re.compile(r"每|年均|年度|年内|月均|定期|全年|一年|累计")
_RANKED = re.compile(r"进入|跻身|迈入|挺进|排名|位居|位列|位次|列|居|保持|达到|冲进|冲刺|稳居|排在")
_RANK_END = re.compile(r"^(?:以内|之内|行列|名次|序列|水平|左右|$)")
_COUNTABLE_ONE = re.compile(r"^1(?:所|家|座|名|台|辆)$")
_PERMISSION = re.compile(
    r"(?:(?<!不)可(?!支付|及|持续|复制|追溯|追踪|靠|行|能|用|比|穿戴|转换|视|控|疑|再生|降解)|允许|视情)[^,;。]{0,16}$"
)
_PROJECT_SIZE = re.compile(
    r"(?:总投资额?|占地(?:面积)?|建筑面积|总面积|概算|估算|用地(?:面积)?|^投资)(?:约|为|共|共计)*$"
)
_KNOWN_LIST = re.compile(r"(?:全部|所有|下辖|所辖|现有|整合)\d+[^,;。\d]{1,14}[、和]$")
_CLAUSE_OF_NOUN = re.compile(r"^[^的]{2,}的[^的]{2,}$")
_LEAVE = re.compile(r"^(?:的)?[一-鿿]{0,5}假")
_WHICH = re.compile(r"的(?:$|[,;]|(?:县|市|区|乡镇|行政村|村|机构|医院|地区|单位|团队|企业)(?!.{0,6}(?:占比|比例|率)))")
_SERVED = re.compile(r"^(?:[\d(（]+[.、)])?(?:免费)?(?:为|向|给|对)(?:全[市县区省州]|辖区|辖区内|符合条件的|适龄)?$")
_SERVICE = re.compile(r"免费|提供|开展|实施|进行|发放|配备|安排|落实|给予")
_EACH_BY = re.compile(r"每(?:个|家|所)[^,;]*由$")
_AT_RATE = re.compile(r"(?:按照?|以)(?:(?:每[人户所名家床]|人均)[^,;]{0,6}|[^,;]{1,12}的)$|按照?[^,;]{1,12}$(?<!\d)")
_QUALIFIES = re.compile(r"^[^,;。、\d]{0,6}?(?:及)?(?:以上|以下|以内)的")
_SUMMED_UP = re.compile(r"(?:满分|总分|共计?|合计|得分|现有|目前|包括|分为|共有|已有|在用|实有|编制|名单|等)(?:为)?$")
_VERB = re.compile(words.VERB)
_MEASURE_IN = re.compile(r"率|比例|占比|比重")
_LAST_IN_RANK = re.compile(r"(?:排名|排位|得分|考核)[^,;]{0,3}后$|末位$|倒数$")
_LASTING = re.compile(r"(?:时间|时长|周期|期限|时限|住院日|等待期|服务期|公示期)(?:一般|原则上)?(?:为)?$")
_DONE_IN = re.compile(r"(?:办结|完成|答复|反馈|送达|审结|到账|出具)(?=$|[,;。、])")
_BAND = re.compile(r"(?:以上|以下|以内)?(?:(?:至|到|-|、)[\d.]+[万千]?元)?(?:\([^()]*\))?(?:以上|以下|以内)?的?部分")
_DEFINES = re.compile(r"(?:的,|的部分|的(?:视?为|称为|属于|认定为|不予|足额|全额))")
_DEDUCTS = re.compile(r"每(?:再)?(?:低|高|少|多|超|增|减|下降|上升)[^,;。]*扣减?$")
_HOLDS_EVENTS = re.compile(r"^(?:组织|开展|举办|召开|举行)[^,;。]{2,}")
_PRESCRIBES = re.compile(r"(?:开具|给予|提供)$")
_LIFE = re.compile(r"寿命|平均年龄")
_DONE_TO = re.compile(
    r"[^,;。、的]{3,24}(?:全部(?:新建|改建|改造|完成)|完成|实施|达到|通过|建成|实现)(?:[^,;。]{0,6})?(?:建设|改造|改扩建|扩建|迁建|标准|验收|评审|创建|提升|任务)"
)
_REPORTS = re.compile(r"每(?:半?年|季度?|月|周)[^,;。]{0,6}(?:形成|提交|报送|编制|发布|印发)$")
_LISTED = re.compile(rf"(?:{words.BUILD})[^,;。]*、[^,;。]*$")
_COMPARES = re.compile(r"比(?:例|为|值|率)?(?:约)?(?:为|是)?$|配比|按")
_PAIRS_UP = re.compile(rf"(?:{words.FLOW})[^,;。]{{0,6}}$")
_DIVIDES = re.compile(r"(?:分为|分成|划分为|划分成|划为|分)$")
_CASE = re.compile(r"[^,;。]*[一-鿿]的(?=,)")
_ABSTRACT_END = re.compile(
    r"^[^,;。、\d]{2,16}(?:目标|实事|(?<!建设)任务|措施|举措|制度|原则|要求|问题|环节)(?=$|[,;。、])"
)
_OF_MEASURE = re.compile(r"^(?!的?[、和]).*的[^的]{0,10}(?:比例|占比|比重|率)(?:分别)?$")
_OWN_RATE = re.compile(r"(?:率|占比|比例)$")
_PENALTY = re.compile(r"罚款|处以|并处|有期徒刑|违法所得")


def is_plausible(frame: Frame, sentence: Sentence, *, due: str | None, listed: bool) -> bool:
    """True when the number is a target or a norm.  listed: an earlier number of the same sentence was one."""
    if _PENALTY.search(sentence.text) or not _unit_holds(frame, due):
        return False
    if _WHICH.match(frame.tail) and frame.before is not None and frame.before.sign in (">", "<"):
        return frame.quantity.form in ("plain", "share") and norms.is_condition(frame)
    if _LAST_IN_RANK.search(frame.left) or _chooses_case(frame, sentence):
        return False
    if scoring.is_scored_step(frame) or scoring.is_grade(frame, sentence):
        return False
    if frame.quantity.form in ("share", "ratio", "bare"):
        return True
    if frame.quantity.form == "rank":
        return _is_rank(frame)
    based = any(frame.left_start <= base.start < frame.quantity.start for base in sentence.bases)
    if _goes_on_known(frame, sentence) or _is_bracketed_size(frame, sentence):
        return False
    return (based and frame.quantity.spelled) or _count_holds(frame, due=due, listed=listed)


def _chooses_case(frame: Frame, sentence: Sentence) -> bool:
    """5万元以上至10万元部分支付65%, 15日内再次住院的,…: which cases are meant; what holds for them comes after."""
    money = frame.quantity.unit.endswith("元")
    if money and _BAND.match(sentence.text, frame.quantity.end):
        return True
    if _DEFINES.match(sentence.text, frame.end) or _DEDUCTS.search(sentence.text[: frame.quantity.start]):
        return True
    timed = measure_words.is_duration(frame.quantity.unit)
    return timed and bool(_CASE.match(sentence.text, frame.end))


def _is_bracketed_size(frame: Frame, sentence: Sentence) -> bool:
    """服务人口较多的(3000人以上): which ones are meant."""
    alone = sentence.text[: frame.quantity.start].endswith("(") and sentence.text[frame.end :].startswith(")")
    sized = frame.after is not None and frame.after.word in ("以上", "以下")
    return alone and sized and frame.quantity.unit.lstrip("百千万") in ("人", "户", "张", "名")


def _goes_on_known(frame: Frame, sentence: Sentence) -> bool:
    """全部13个乡镇卫生院、124个村卫生室: the second is as well known as the first."""
    return not frame.left and bool(_KNOWN_LIST.search(sentence.text[: frame.quantity.start]))


def is_in_passing(frame: Frame, before: Frame | None, following: Frame | None) -> bool:
    """True for a number that is part of a name or condition (5分钟出车率, 90%的居民15分钟内到达)."""
    if _is_said_of_share(frame, before) or _is_attribute(frame, before, following):
        return True
    if following and _names_kinds(frame, following):
        return True
    if following and following.quantity.form == "share" and _OF_MEASURE.search(_subject_of(following)):
        return following.left_start == frame.end and frame.quantity.form == "plain"
    if following and _is_qualifying_sum(frame, following):
        return True
    if following and _is_reach(frame) and (following.quantity.form == "share" or following.quantity.unit == "百分点"):
        return following.left_start == frame.end and bool(_MEASURE_IN.search(following.left))
    return not _unit_holds(frame, due="") and frame.quantity.form == "plain"


def _names_kinds(frame: Frame, following: Frame) -> bool:
    """4类重大传染病网络报告综合率达到99%: how many kinds the rate is of."""
    opens = not frame.left and frame.before is None and frame.after is None and frame.quantity.form == "plain"
    rate = following.quantity.form == "share" and bool(_OWN_RATE.search(_subject_of(following)))
    return opens and rate and following.left_start == frame.end


def _is_said_of_share(frame: Frame, before: Frame | None) -> bool:
    """90%的居民15分钟内到达, 30%以上的市建成2个以上集团: the number is part of what holds for the share."""
    if before is None or before.quantity.form != "share" or frame.quantity.form != "plain":
        return False
    if before.before is not None and before.before.sign in (">", "<"):
        return False
    within = frame.quantity.start < before.end + len(before.tail)
    return within and bool(re.match(r"的(?!比例|标准|要求|额度)", before.tail))


def _is_attribute(frame: Frame, before: Frame | None, following: Frame | None) -> bool:
    """1所托位数不少于120个的托育中心; 能开展10类以上技术的中心不低于80%: a number inside another one's noun phrase."""
    if frame.quantity.form != "plain" or not _bounded(frame):
        return False
    if following and following.quantity.form == "share" and following.before is not None:
        return following.left_start == frame.end and bool(_CLAUSE_OF_NOUN.search(_subject_of(following)))
    counted = before is not None and before.quantity.form == "plain"
    return bool(counted and before and frame.left_start == before.end and re.match(r"的[一-鿿]", frame.right))


def _is_qualifying_sum(frame: Frame, following: Frame) -> bool:
    """产值超50亿元的企业2家: the sum tells which ones are counted."""
    counted = following.quantity.form == "plain" and following.left_start == frame.end
    return counted and frame.quantity.unit.endswith("元") and _bounded(frame) and len(frame.right) >= 2


def _subject_of(frame: Frame) -> str:
    return frame.left[: frame.before.start] if frame.before else frame.left


def _is_reach(frame: Frame) -> bool:
    return measure_words.is_duration(frame.quantity.unit) and (
        frame.after is None or frame.after.word in ("内", "以内", "之内")
    )


def is_project_size(frame: Frame) -> bool:
    """总投资5亿元, 建筑面积3万平方米: what one project takes, which a person may not want for an aim."""
    return frame.before is None and frame.after is None and bool(_PROJECT_SIZE.search(frame.left))


def _is_size_of_known(frame: Frame) -> bool:
    """总投资5亿元的县医院迁建项目: which project is meant."""
    return frame.right.startswith("的") and is_project_size(frame)


def _bounded(frame: Frame) -> bool:
    strong = frame.before is not None and (frame.before.sign != "=")
    return strong or frame.after is not None


def _unit_holds(frame: Frame, due: str | None) -> bool:
    unit = frame.quantity.unit.lstrip("十百千万亿")
    if unit in (RATIO_UNIT, REVERSED):
        return _bounded(frame) or due is not None or bool(_COMPARES.search(frame.left))
    if measure_words.is_duration(unit):
        return _duration_holds(frame, unit)
    if measure_words.is_frequency(unit):
        return _frequency_holds(frame, due)
    if unit in ("对", "组") and _PAIRS_UP.search(frame.left):
        return True
    if unit in ("分", "级", "点", "个点", "组", "对", "路", "道", "村", "单位", "批", "片"):
        return _bounded(frame) or frame.chained
    return True


def _duration_holds(frame: Frame, unit: str) -> bool:
    """不少于6个月, 5个工作日内办结, 期限一般为3年; but not 3年内, 用5年时间, 五年平均水平."""
    if unit == "年" and frame.after is not None and frame.after.word in ("内", "以内", "之内"):
        return False
    if unit == "年" and (frame.right.startswith(("时间", "平均")) or frame.left.endswith("用")):
        return False
    served = frame.before is not None and frame.before.word == "满" and bool(frame.right)
    if _bounded(frame) and not served:
        return True
    if unit == "岁" and _LIFE.search(frame.left):
        return True
    prescribed = frame.quantity.upper is not None and bool(_PRESCRIBES.search(frame.left))
    return prescribed or bool(_DONE_IN.match(frame.right) or _LASTING.search(frame.left) or _LEAVE.match(frame.right))


def _frequency_holds(frame: Frame, due: str | None) -> bool:
    """每周2次, 至少一次; 一次 alone is no number."""
    if _bounded(frame) or _REGULAR.search(frame.left):
        return True
    written = not frame.quantity.spelled
    return written and (frame.chained or due is not None or _HOLDS_EVENTS.match(frame.left) is not None)


def _is_rank(frame: Frame) -> bool:
    return (frame.chained or bool(_RANKED.search(frame.left))) and bool(_RANK_END.match(frame.right))


def _count_holds(frame: Frame, *, due: str | None, listed: bool) -> bool:
    bounded, quantity = _bounded(frame), frame.quantity
    if _is_size_of_known(frame) or (not bounded and _DIVIDES.search(frame.left)):
        return False
    if measure_words.is_duration(quantity.unit) and _LEAVE.match(frame.right):
        return True
    another = frame.chained and listed and not frame.left and _COUNTABLE_ONE.match(f"{quantity.value:g}{quantity.unit}")
    if frame.right.startswith("为宜") or another:
        return True
    if _EACH_BY.search(frame.left) or _AT_RATE.search(frame.left):
        return True
    if not bounded and _ABSTRACT_END.match(frame.right):
        return False
    money = quantity.unit.endswith("元")
    if not money and _ABSTRACT.match(frame.right) and not (bounded and not quantity.spelled):
        return False
    if frame.left.endswith("在") and frame.before is None and not measure_words.is_duration(quantity.unit):
        return bounded or bool(_VERB.search(frame.tail))
    if _SERVED.match(frame.left) and _SERVICE.search(frame.tail):
        return True
    if _PERMISSION.search(frame.left) and not _PRESCRIBES.search(_subject_of(frame)):
        return False
    if bounded:
        return not _is_condition_without_subject(frame)
    if _QUALIFIES.match(frame.right):
        return False
    if quantity.spelled:
        return _spelled_holds(frame)
    if _DONE_TO.match(frame.right) and not _KNOWN_GROUP.search(frame.left):
        return True
    if _KNOWN_GROUP.search(frame.left) or (_PLACES.match(frame.right) and not _verb_before(frame)):
        return False
    if frame.left.endswith("其中"):
        return listed
    return _verb_before(frame) or due is not None or listed or bool(_EVERY.search(frame.left)) or _ends_clause(frame)


def _ends_clause(frame: Frame) -> bool:
    """整理名老中医经验50部: a count that its noun goes before, with nothing after it."""
    least = 2 if frame.quantity.unit.endswith("元") else 4
    return len(frame.left) >= least and not frame.right and not _SUMMED_UP.search(frame.left)


def _verb_before(frame: Frame) -> bool:
    return bool(_VERB.search(frame.left))


def _spelled_holds(frame: Frame) -> bool:
    one = frame.quantity.value == 1 and frame.quantity.upper is None
    if _EVERY.search(frame.left):
        return frame.quantity.unit not in ("份", "种", "套", "批", "张", "条") or bool(_REPORTS.search(frame.left))
    if _LISTED.search(frame.left) and frame.quantity.unit in ("个", "家", "所", "处"):
        return bool(frame.right) and frame.quantity.value == frame.left.count("、") + 1
    verb = re.search(rf"(?:{words.BUILD}|{words.FLOW})$", frame.left)
    return bool(verb) and not one


def _is_condition_without_subject(frame: Frame) -> bool:
    """100张以上床位的医院: the number tells which hospitals are meant, nothing is measured."""
    bare = not re.sub(r"^(?:拥有|具有|对|在|的|有|设有)+", "", frame.left)
    return frame.before is None and bare and bool(re.match(r"[^,;。]{0,6}的", frame.right)) and not frame.chained
