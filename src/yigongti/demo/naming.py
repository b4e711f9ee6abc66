"""What the invented county calls its items and operations: rules of its own, which the resident's page reads."""

from datetime import date

from yigongti.demo.catalogue import sheet
from yigongti.kernel.rules import DEFAULT_POLICY
from yigongti.kernel.rules.model import Clause, Document
from yigongti.kernel.rules.writing import Draft, write_document, write_value
from yigongti.spine.county_rules import county_rules
from yigongti.spine.home import home

SINCE, CLAUSE = date(2010, 1, 1), "目录"
DICTIONARIES = {
    "portal.plain_items": ("items", "检查检验和收费项目的名称"),
    "portal.plain_procedures": ("procedures", "手术操作的名称"),
}  # fmt: skip
"""Rule → the catalogue it is made of, its label."""


def name_codes() -> None:
    """Write the county's dictionaries of names, as an operator does who has the county's own catalogue."""
    own, known = home().own_policy, county_rules().rules
    write_document(own, _document())
    for rule_id, (catalogue, label) in DICTIONARIES.items():
        if rule_id in known:
            continue
        rows = sheet(catalogue)
        draft = Draft(
            rule_id=rule_id, label=label, kind="code_set", unit="code",
            value={name: [code] for code, name in zip(rows.text("code"), rows.text("name"), strict=True)},
            effective_from=SINCE, recorded_on=SINCE, doc="yunxi-catalogue", clause=CLAUSE,
        )  # fmt: skip
        write_value(own, draft, root=DEFAULT_POLICY, book=county_rules())


def _document() -> Document:
    county = home().choices.county
    return Document(
        id="yunxi-catalogue", title=f"{county}医疗服务项目与手术操作目录", number="", issuer=county, issued_on=SINCE,
        level="county", region=county, clauses={CLAUSE: Clause(CLAUSE, "项目和手术操作的编码与名称")},
        note="虚构的演示目录",
    )  # fmt: skip
