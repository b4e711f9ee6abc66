"""写错的规则不会被使用:说明哪里、为什么、怎么改。 What is written wrongly is refused, with place, reason and remedy."""

import json

import pytest

from yigongti.kernel.rules import PolicyError, RuleBook
from yigongti.kernel.rules.linting import lint, main

CITATION = "    source: {doc: notice, clause: 1}\n"
SECOND = """\
  - effective_from: 2024-06-01
    value: 85%
    source: {doc: notice, clause: 1}
    recorded_on: 2024-01-10
    confidence: stated
"""


def refusal(folder, packs=("national",)) -> PolicyError:
    with pytest.raises(PolicyError) as refused:
        RuleBook.load(folder, packs)
    return refused.value


def test_the_folder_that_the_other_tests_break_is_right(folder):
    assert lint(folder) == []


def test_a_value_without_citation_is_refused(folder, change):
    change(CITATION, "")
    problem = refusal(folder)
    assert problem.what == "缺少字段“source”"
    assert problem.where.endswith("rules/contract/target.yaml:6")
    assert "每个取值都必须注明出处" in problem.why
    assert problem.exit_code == 2


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("doc: notice", "doc: rumour", 8, "引用的文件“rumour”在 sources/ 里没有"),
        ("clause: 1}", "clause: 9}", 8, "文件“关于推进家庭医生签约服务的通知”没有登记条款“9”"),
        ("    confidence: stated\n", "", 6, "缺少字段“confidence”"),
        ("confidence: stated", "confidence: sure", 10, "“confidence”的值“sure”不在许可范围内"),
        ("confidence: stated", "confidence: default", 10, "工作默认值(default)与出处 working-defaults 必须一起使用"),
        ("unit: ratio", "unit: furlong", 3, "“unit”的值“furlong”不在许可范围内"),
        ("unit: ratio", "unit: yuan", 3, "种类“ratio”不能用单位“yuan”"),
        ("kind: ratio", "kind: text", 2, "“kind”的值“text”不在许可范围内"),
        ("label:", "lable:", 1, "不认识的字段“lable”"),
        ("    value: 80%", "    vaule: 80%", 7, "不认识的字段“vaule”"),
        ("value: 80%", "value: 80", 7, "规则“重点人群签约覆盖率目标”的值不合种类“比例”:比例 80 过大"),
        ("value: 80%", "value: 1:80", 7, "“1:80”不是数"),
        ("value: 80%", "value: 很高", 7, "“很高”不是数"),
        ("value: 80%", "value:", 7, "字段“value”是空的"),
        ("value: 80%", "value: 80%\n    comparator: ~", 8, "字段“comparator”是空的"),
        ("value: 80%", "value: 80%\n    comparator: '=>'", 8, "“comparator”的值“=>”不在许可范围内"),
        ("value: 80%", "value: 80%\n    value: 81%", 8, "字段“value”写了两次"),
        ("value: 80%", "value: 80%\n    due: 2023-12-31", 8, "“due”的 2023-12-31 早于生效日 2024-01-10"),
        ("value: 80%", "value: 80%\n    effective_to: 2023-12-31", 8, "“effective_to”的 2023-12-31 早于生效日"),
        ("effective_from: 2024-01-10", "effective_from: 2024年1月", 6, "“effective_from”的日期“2024年1月”无法识别"),
        ("checked_on: 2024-02-01\n", "", 1, "缺少字段“checked_on”"),
        ("versions:\n", "versions: []\nother:\n", 6, "不认识的字段“other”"),
        ("label: 重点人群签约覆盖率目标", "label: [重点, 人群]", 1, "“label”应为一段文字"),
        ("source: {doc: notice, clause: 1}", "source: notice", 8, "“source”应写成若干行"),
        ("    value: 80%", "   value: 80%", 7, "YAML 格式错误"),
    ],
)
def test_a_malformed_rule_is_refused_with_its_line(folder, change, old, new, line, what):
    change(old, new)
    problem = refusal(folder)
    assert what in problem.what
    assert problem.where.rpartition(":")[2] == str(line)
    assert problem.remedy


@pytest.mark.parametrize(
    ("kind", "unit", "value", "what"),
    [
        ("number", "person", "80%", "“80%”不是数"),
        ("number", "person", "[1, 2]", "应为一个数"),
        ("money", "fen", "1.5", "以分为单位的金额必须是整数"),
        ("duration", "day", "-3", "时长不能为负"),
        ("duration", "month", "1.5", "以月或年为单位的时长必须是整数"),
        ("code_set", "icd10", "3", "编码集“3”在 codes/ 里没有"),
        ("code_set", "icd10", "{cancer: C00}", "编码集应为一个列表"),
        ("table", "day", "{a: [1]}", "应为一个数"),
        ("yes_no", "yes_no", "maybe", "应为 是 或 否"),
        ("bands", "person", "3", "分段应为一个列表"),
        ("bands", "person", "[{from: 1, below: 2}, {from: 3, below: 4}]", "相邻两段在 2 处没有首尾相接"),
        ("bands", "person", "[{from: 1, up_to: 2}, {from: 2, below: 4}]", "相邻两段在 2 处没有首尾相接"),
        ("bands", "person", "[{from: 5, below: 2}]", "一段的下限 5 大于上限 2"),
        ("bands", "person", "[{from: 1, above: 2}]", "只能各写一个"),
        ("bands", "person", "[{to: 5}]", "分段里只能写"),
        ("table", "day", "30", "表应写成"),
        ("table", "day", "{a: {x: 1}, b: {y: 1}}", "表的各行列名不一致"),
        ("code_set", "icd10", "[I25-I20]", "“I25-I20”不是编码"),
        ("code_set", "icd10", "no_such_set", "编码集“no_such_set”在 codes/ 里没有"),
    ],
)
def test_a_value_that_does_not_fit_its_kind_is_refused(folder, change, kind, unit, value, what):
    change("kind: ratio\nunit: ratio", f"kind: {kind}\nunit: {unit}")
    change("value: 80%", f"value: {value}")
    assert what in refusal(folder).what


def test_two_values_of_the_same_day_are_refused(folder, change):
    change("versions:\n", "versions:\n" + SECOND.replace("2024-06-01", "2024-01-10"))
    assert "生效日同为 2024-01-10、登记日也相同" in refusal(folder).what


def test_overlapping_values_are_refused_unless_the_later_was_recorded_later(folder, change):
    change("value: 80%", "value: 80%\n    effective_to: 2024-12-31")
    change("versions:\n", "versions:\n" + SECOND)
    assert "有效期重叠:2024-01-10—2024-12-31 与 2024-06-01 起" in refusal(folder).what
    change(SECOND, SECOND.replace("recorded_on: 2024-01-10", "recorded_on: 2024-05-20"))
    assert RuleBook.load(folder).rules["contract.target"].versions[-1].text == "85%"


def test_a_missing_pack_is_refused_with_the_packs_there_are(folder):
    problem = refusal(folder, ["national", "atlantis"])
    assert problem.what == "没有名为“atlantis”的政策包"
    assert problem.remedy == "可用的政策包:national、city-a、county-a、province-a"


def test_a_pack_without_the_packs_it_builds_on_is_refused(folder):
    problem = refusal(folder, ["national", "city-a"])
    assert problem.what == "政策包“city-a”需要上级政策包“province-a”"
    assert problem.remedy == "请在 packs 里加上 province-a"


def test_a_pack_may_only_build_on_higher_levels(folder, change):
    change("parents: [national]", "parents: [city-a]", "regions/county-a/pack.yaml")
    change("level: county", "level: province", "regions/county-a/pack.yaml")
    change("parents: [national, province-a]", "parents: [national]", "regions/city-a/pack.yaml")
    assert "上级政策包级别不比它高" in refusal(folder, ["national", "city-a", "county-a"]).what


def test_a_pack_names_only_documents_that_there_are(folder, change):
    change("label: 某县\n", "label: 某县\ndocuments: [rumour]\n", "regions/county-a/pack.yaml")
    assert refusal(folder, ["national", "county-a"]).what == "政策包所列文件“rumour”在 sources/ 里没有"


def test_a_list_must_be_written_as_a_list(folder, change):
    change("parents: [national]", "parents: national", "regions/county-a/pack.yaml")
    assert refusal(folder, ["national", "county-a"]).what == "“parents”应为列表"


def test_a_rule_must_have_a_version(folder, put):
    put("rules/contract/target.yaml", "label: 目标\nkind: ratio\nunit: ratio\nchecked_on: 2024-02-01\nversions: []\n")
    assert refusal(folder).what == "“versions”应为非空列表"


def test_a_rule_file_that_cannot_be_opened_is_refused(folder):
    (folder / "rules/contract/folder.yaml").mkdir()
    assert "文件读不出来" in refusal(folder).what


def test_a_pack_switches_on_only_what_there_is(folder, change):
    change(
        "label: 某县\n",
        "label: 某县\ncapabilities:\n  telepathy: {doc: notice, clause: 1}\n",
        "regions/county-a/pack.yaml",
    )
    problem = refusal(folder, ["national", "county-a"])
    assert problem.what == "没有名为“telepathy”的功能"
    assert "payment.dip" in problem.remedy


def test_two_packs_of_one_level_may_not_rule_the_same(folder, put):
    rule = (folder / "rules/contract/target.yaml").read_text(encoding="utf-8")
    put("regions/county-b/pack.yaml", (folder / "regions/county-a/pack.yaml").read_text(encoding="utf-8"))
    for pack in ("county-a", "county-b"):
        put(f"regions/{pack}/rules/contract/target.yaml", rule)
    assert "同一级的两个政策包都规定了“contract.target”" in refusal(folder, ["national", "county-a", "county-b"]).what


def test_a_rule_has_one_kind_and_unit_in_all_packs(folder, put):
    rule = (folder / "rules/contract/target.yaml").read_text(encoding="utf-8")
    changed = rule.replace("kind: ratio\nunit: ratio", "kind: number\nunit: person").replace("80%", "80")
    put("regions/county-a/rules/contract/target.yaml", changed)
    assert "种类或单位不同:number/person 与 ratio/ratio" in refusal(folder, ["national", "county-a"]).what


def test_a_document_may_not_be_registered_twice(folder, put, tmp_path):
    put("../own/sources/notice.yaml", (folder / "sources/notice.yaml").read_text(encoding="utf-8"))
    with pytest.raises(PolicyError, match="编号“notice”用了两次"):
        RuleBook.load(folder, ["national"], own=tmp_path / "own")


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"", "文件应由若干行"), ("label: 目标".encode("gbk"), "文件不是 UTF-8 编码"), (b"- a\n- b\n", "文件应由若干行")],
)
def test_an_unreadable_rule_file_is_refused(folder, content, what):
    (folder / "rules/contract/target.yaml").write_bytes(content)
    assert what in refusal(folder).what


def test_a_check_tells_everything_that_is_wrong_not_only_the_first(folder, change, put):
    put("rules/contract/second.yaml", (folder / "rules/contract/target.yaml").read_text(encoding="utf-8"))
    change("clause: 1}", "clause: 9}")
    change("confidence: stated", "confidence: sure", "rules/contract/second.yaml")
    put("rules/contract/third.yml", "")
    problems = lint(folder)
    assert len(problems) == 3
    assert "不会被读取的文件“third.yml”" in problems[0]


def test_a_broken_pack_is_told_by_the_check_and_so_is_a_pack_whose_parent_is_not_there(folder, change):
    change("level: county", "level: galaxy", "regions/county-a/pack.yaml")
    assert "“level”的值“galaxy”不在许可范围内" in lint(folder)[0]
    change("level: galaxy", "level: county", "regions/county-a/pack.yaml")
    change("parents: [national]", "parents: [atlantis]", "regions/county-a/pack.yaml")
    assert "没有名为“atlantis”的政策包" in lint(folder)[0]


def test_a_whole_scheme_may_lie_below_the_code_lists(folder, put):
    put("codes/drg/scheme.toml", "")
    assert lint(folder) == []


def test_the_command_exits_with_2_and_says_what_as_text_and_as_json(folder, change, capsys):
    change("clause: 1}", "clause: 9}")
    assert main(["--root", str(folder)]) == 2
    assert "没有登记条款“9”" in capsys.readouterr().out
    assert main(["--root", str(folder), "--json"]) == 2
    assert set(json.loads(capsys.readouterr().out)["problems"][0]) == {"what", "where", "why", "remedy"}


def test_the_command_exits_with_0_and_a_summary_when_all_is_well(folder, capsys):
    assert main(["--root", str(folder)]) == 0
    assert "政策数据无误:4 个政策包,2 份文件,1 条规则,1 个取值" in capsys.readouterr().out
    assert main(["--root", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rules"] == 1
