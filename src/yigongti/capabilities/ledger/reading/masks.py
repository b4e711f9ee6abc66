"""Numbers that measure nothing: document numbers, dates, names made with numbers, ages, grades, telephones.

`screen` blanks them out, length for length, before quantities are looked for.  Works on folded text (see `passage`).
"""

import re

from yigongti.capabilities.ledger.reading import measure_words
from yigongti.capabilities.ledger.reading.passage import Span

BLANK = "□"

_COUNT = "[一二两三四五六七八九十百\\d]"
_MACHINE = "(?:台|套|辆|架|部)"  # CT2台: letters before a counted machine are no model number
_UNIT = "|".join(re.escape(unit) for unit in measure_words.ALL)

_NAMES = (
    r"《[^》]{0,120}》",
    r"“[^”]{0,60}”",
    r'"[^"]{0,40}"',
    r"‘[^’]{0,40}’",
    rf"{_COUNT}+大(?!于|约|概|量|部分)",  # 五大中心
    r"[A-Za-z\d一]\+[A-Za-z\d一][\dA-Za-z+一]*",  # 1+N, 3+X, 5+2
    r"\d{0,3}\+[一-鿿]",
    r"(?:十|“十)[一二三四五六]五[”]?(?!个|名|家|所)",  # 十四五
    r"[一两三四五六七八九]医(?!师|生|疗|院)|[一两双三四五六七八九](?:下沉|联动|统一(?=管理)|同步)",
    r"[四五]早|三高|两癌|两病|两非|两票|三重一大|三医|六医|一[键码网站窗门](?:式|通|办|检|刷|扫)|一次(?:办|性|就诊|结算)",
)
_NUMBERS_OF_PAPERS = (
    r"[\[(](?:19|20)\d\d[\])](?:第)?\d+号",
    r"(?:19|20)\d\d年第?\d+号(?:文|公告|令)?",
    r"第[零一二两三四五六七八九十百千\d]+(?:-第?[一二三四五六七八九十\d]+)?[一-鿿]?",
    r"(?:附件|专栏|附图|附表|项目编号|编号|文号)[::]?\d+|(?<![一-鿿])(?:图|表|注)\d+|[见如](?:图|表)\d+",
    r"[A-Z]{1,4}\d?-?\d{4,}(?:-\d+)*",
)
_TIMES = (
    r"(?:19|20)\d\d年?(?:度)?(?:[-至到、和](?:19|20)\d\d年?(?:度)?)+(?!人|名|家|个|张|万)",
    r"(?:19|20)\d\d年(?:度)?(?:\d{1,2}月(?:\d{1,2}日)?)?",
    r"(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}",
    r"(?<!个)\d{1,2}月(?:\d{1,2}日)?(?:[-至到]\d{1,2}月(?:\d{1,2}日)?)?",
    r"\d{1,2}日(?!内|以内|次|间|均)",
    r"二[零]?[零一二]?[一二三四五六七八九零]{1,2}年",
    r"[一二三四]季度|[上下]半年|半年|[一二三四]期",
    r"\d{1,2}:\d{2}(?::\d{2})?(?=至|到|-|前|后|开|时)",
    r"7[×xX*]24小时|(?<![过于在到至满])24小时(?!内|以内|之内)|全天\d+小时",
    r"\d+(?:个)?(?:秒|分钟|小时|天|日|周|月|年|次)(?:内|以内|之内)?(?=[^,;:。、和及与\d]{2,14}?(?:率(?!先)|比例))",
    r"\d{1,2}·\d{1,2}",
    r"(?<=[%\d人个家次名])\(20\d\d年?:[^()]{1,12}\)",  # ≥62%(2022年:61%): what it was
)
_CONTACTS = (
    r"\d{3,4}-\d{7,8}(?:-\d+)?",
    r"(?<![\d.,])\d{7,}(?![\d.,]*(?:元|万|亿|人|%))",
    r"(?:热线|电话|传真|邮编|邮政编码|手机|QQ)[::]?\d[\d-]{4,}(?!\.)",
    r"\d+号(?:楼|院|文|令|线|台|机)?",
    rf"(?<![\d.])(?:120|110|119|122|12345|12320|12356|12393|114)(?![\d.,]|及?以[上下内]|左右|[余多]?[百千万亿]|[余多]?(?:{_UNIT}))",
)
_CLASSES = (
    r"\d+(?:[-至到]\d+)?(?:周岁|岁|月龄|个月龄|日龄)(?:\([^)]{0,8}\))?(?:及)?(?:以上|以下|以内|之间|组)?",
    r"\d+(?:[-至到]\d+)?万(?:以上|以下)?(?:常住)?人口(?:以上|以下)?的(?=县|市|区|城市)",
    r"[一二三]类(?=[一-鿿])",
    r"[一二三四五六七八九\d]类(?:及以上|以上)?(?:新药|创新药|改良型|中药|化学药|生物制品|产品|事业|单位|疫苗|手术|医疗器械|人员|地区|城市|病|服务|医院|保障|项目库)",
    r"[一二三四五六甲乙丙\d]型(?=糖尿病|肝炎|流感|病毒)",
    rf"[A-Za-z][A-Za-z-]*\d+(?:\.\d+)?(?![\d.]*{_MACHINE})",
    r"\d+(?:\.\d+)?(?:[GKPDTV]|Gbps|Mbps|bps|Hz|MHz)(?![A-Za-z])",
    r"(?:半|一|\d+)(?:个)?(?:小时|分钟|公里)(?:[^,;。、]{0,14}圈)",
    r"(?:半小时|一刻钟|小时圈)",
    r"[一二三四五六七八九十\d]+级(?:甲等|乙等|甲|乙)?(?:、[一二三四]级)*",
)
_IDIOMS = (
    r"万众|千方百计|万无一失|百姓|百年|千家万户|百分制|百日|百强(?:县|市|镇|区)|千人一面|十分(?!钟|之)|万一|十足|百科|十佳|百佳",
    r"一(?:批|系列|体|揽子|律|定|般|致|旦|线|流|些|直|贯|切|并|同|样|经|度|生|次性|对一|方面|是|要|级|老一小|件事|张网"
    r"|张床|张表|盘棋|本账|家人|条龙|站式|站|支|种|套|把手|刀切|手|门|码|号|卡|窗|键|案|事|村|镇|街|人一|户一|院一|县一|乡一)",
    r"(?:统|唯|专|第|(?<!分)之|进|逐|单|万|划|归|合)一(?!家|所|名)",
    r"[两三四五六七八九十]个(?:允许|意识|自信|维护|确立|全面|最严|统一|结合|转变|提升|坚持|转移|不变|不减|不|必须|关键|革命|没有"
    r"|聚焦|突出|务必|方面|环节|层面|层次|阶段|维度|领域|重点|体系|共同体|文明|伟大|一律|严格|有利于|到位|优先|面向|代表|同步)",
    r"[两三四五六七八九十]项(?:制度|机制|规定|措施|任务|工程|行动|准则|改革|内容|工作|指标|职能|服务)(?!.{0,6}(?:以上|以下))",
    r"[两三四五六七八九十]种(?:形态|方式|模式|情形|类型|力量)|[两三四五六七八九十]条(?:措施|意见|线|主线|例|底线)",
    r"[两三四五六七八九十\d]+(?:个|家)?(?:部门|部委|委办局|单位联合)",
    r"[两二三四五六七八九十][级方者]|[二三四五六七八九十]位一体",
    r"[两三四五六七八九十](?:方面|阶段|步走|年行动|年攻坚|年提升|会一课|区|个百分百|个百分之百)",
    r"百分之百(?=的?服务|满意工程)|(?:三|两|四|五)个\d+%",
)

# Grades are measured only where a rating system is named before them and a verb leads to them.
_RATED = re.compile(
    r"(?:电子病历|互联互通|成熟度|智慧服务|智慧管理|智慧医院|分级评价|评价等级|应用水平|评级|测评|评分级|等级评价)[^,;。]{0,30}?"
    r"(?:达到|达|通过|不低于|提升至|提升到|提高到|升至|实现|创建|为|至少)"
    r"(?:国家|全国|省级)?(?P<grade>[一二三四五六七八\d]+级)(?!医院|公立|医疗机构|综合)"
)
_REACHED = re.compile(r"(?:达到|达|不低于|[和、])(?P<grade>[1-8]级)(?!医院|公立|综合|医疗)")
_RATING = re.compile(r"电子病历|互联互通|智慧服务|智慧管理|分级评价")
_LIFE = re.compile(r"(?:寿命|年龄)[^,;。、]*(?:[,、]到?20\d\d年[^,;。、]*)*")

# A bracket with numbers inside a noun phrase tells what the phrase means: 经常锻炼(每周3次以上)人数比例.
_EXPLANATION = re.compile(
    r"(?<=[一-鿿])\([^()]*\)(?=[一-鿿](?<![达不为是占均控提降增保低高超力由在分较比共和与及或的])|20\d\d年|\d{1,2}月)"
)

_MASK = re.compile("|".join((*_NUMBERS_OF_PAPERS, *_TIMES, *_CONTACTS, *_NAMES, *_CLASSES, *_IDIOMS)))


def explanations(text: str) -> list[tuple[int, int]]:
    """The spans of brackets that explain the noun phrase they stand in."""
    return [match.span() for match in _EXPLANATION.finditer(text)] if "(" in text else []


def screen(text: str) -> str:
    """The text with every number that is a name, date, grade, age or reference blanked out."""
    kept: list[Span] = [match.span("grade") for match in _RATED.finditer(text)] if "级" in text else []
    if kept or ("级" in text and _RATING.search(text)):
        kept += [match.span("grade") for match in _REACHED.finditer(text)]
    lives = [match.span() for match in _LIFE.finditer(text)] if "岁" in text else []
    screened = list(text)
    for start, end in explanations(text):
        screened[start:end] = BLANK * (end - start)
    for match in _MASK.finditer(text):
        start, end = match.span()
        aged = "岁" in match.group() and any(begin <= start < stop for begin, stop in lives)
        if not aged and not any(start < stop and begin < end for begin, stop in kept):
            screened[start:end] = BLANK * (end - start)
    return "".join(screened)
