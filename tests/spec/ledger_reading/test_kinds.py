"""Why a number is read as an aim or as a standing norm: every judgement tells its reasons."""

import pytest

from yigongti.capabilities.ledger.reading import norms
from yigongti.capabilities.ledger.reading.frames import Sentence, frames
from yigongti.capabilities.ledger.reading.kinds import Evidence, Genre, Judgement, genre_of, judged

NORMS = [
    ("每周坐诊至少两次", "频次、条件或补助，没有完成之日"),
    ("对考核优秀的医共体一次性奖励30万元", "频次、条件或补助，没有完成之日"),
    ("派驻时间不少于6个月", "时长、时限"),
    ("每个街道设置1个社区卫生服务中心", "每个单位都要有"),
    ("上级医院预留20%的门诊号源", "资金、资源的划分"),
    ("结余留用比例不低于60%", "由谁承担、留用或权重"),
    ("床位使用率不得低于85%", "应当、不得、按规定比例"),
    ("签约人数原则上不超过2000人", "原则上、一般"),
    ("至少配备2名中医类别医师", "人员、床位、设备的配备"),
    ("派出人数不少于当年招聘总数的80%", "占另一个数的份额"),
    ("普通门诊政策范围内费用支付比例为60%", "待遇、价格、收费标准"),
    ("病区护士与实际开放床位比不低于0.5:1", "人员与床位之比"),
    ("社区卫生服务中心服务半径不超过2公里", "服务半径、距离"),
    ("对低保对象支付比例提高5个百分点", "待遇的差别"),
    ("未经转诊到县外就医的,报销比例降低15个百分点", "对某种情形"),
    ("高级岗位比例可提高到15%", "可以做到的限度"),
    ("电话访问签约居民不少于100名", "抽查、访问的数量"),
    ("活动开展情况纳入年度绩效考核,占比不低于10%", "在考核中的分量"),
    ("中级以上职称人员占比不低于60%", "人员构成"),
    ("年度补助资金的20%根据评价结果拨付", "资金、资源的划分"),
]
AIMS = [
    ("县域内住院人次占比达到80%以上", None, "达到、提高到、降至"),
    ("签约人数原则上达到2000人", None, "达到、提高到、降至"),
    ("医护比提高到1:1.5", None, "达到、提高到、降至"),
    ("每个乡镇卫生院至少有2名全科医生", "2027", "有完成期限"),
]


def judgement_of(text: str, *, due: str | None = None, genre: Genre = "plan") -> Judgement:
    sentence = Sentence.of(text)
    frame = frames(sentence)[-1]
    return judged(Evidence(frame, sentence, due, norms.base_of(frame, sentence), genre))


@pytest.mark.parametrize(("text", "reason"), NORMS)
def test_what_is_to_hold_all_the_time_is_a_norm_and_says_why(text: str, reason: str) -> None:
    judgement = judgement_of(text)
    assert judgement.kind == "rule"
    assert reason in judgement.reasons


@pytest.mark.parametrize(("text", "due", "reason"), AIMS)
def test_what_is_to_be_reached_is_an_aim_and_says_why(text: str, due: str | None, reason: str) -> None:
    judgement = judgement_of(text, due=due)
    assert judgement.kind == "target"
    assert reason in judgement.reasons


def test_what_nothing_speaks_of_is_an_aim() -> None:
    judgement = judgement_of("新增市级重点专科3个")
    assert (judgement.kind, judgement.reasons) == ("target", ())


def test_the_same_words_are_a_norm_in_measures_and_an_aim_in_a_plan() -> None:
    share = "高血压门诊用药政策范围内报销比例不低于50%"
    assert judgement_of(share, genre=genre_of("城乡居民基本医疗保险办法", ())).kind == "rule"
    assert judgement_of(share, genre=genre_of("医疗保障事业发展规划", ())).kind == "target"


def test_what_an_assessment_looks_at_is_an_aim_in_measures_too() -> None:
    assert genre_of("医保基金打包支付管理办法", ("监督考核",), lead="对医共体进行年度考核,考核内容包括:") == "goals"


def test_measures_of_assessment_and_goals_set_aims() -> None:
    assert genre_of("绩效考核办法", ()) == "plan"
    assert genre_of("医共体建设方案", ("总体要求", "主要目标")) == "goals"
    assert genre_of("乡镇卫生院建设标准", ("主要目标",)) == "standard"
