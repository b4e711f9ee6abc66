"""Reference of rules and documents: every value with its clause, every document with what comes from it."""

from yigongti.kernel.rules import CONFIDENCE_LABELS, DEFAULT_POLICY, Document, RuleBook, RuleVersion
from yigongti.site.reference.markdown import page, table


def books() -> dict[str, RuleBook]:
    """The national book, and one book a region: the national rules with that region's values before them."""
    regions = sorted(folder.name for folder in (DEFAULT_POLICY / "regions").iterdir() if folder.is_dir())
    return {name: RuleBook.load(DEFAULT_POLICY, ["national", name]) for name in regions}


def versions() -> list[RuleVersion]:
    """Every version of every pack once, by rule id, pack and day."""
    found = {
        (version.rule_id, version.pack, version.key): version
        for book in books().values()
        for rule in book.rules.values()
        for version in rule.versions
    }
    return [found[key] for key in sorted(found)]


def rules_page() -> str:
    """Every version of every rule with its value and clause."""
    rows = [
        (f"`{v.rule_id}`", v.label, v.pack, v.text, v.effective_from, v.due, v.source.text,
         CONFIDENCE_LABELS[v.confidence])
        for v in versions()
    ]  # fmt: skip
    head = ("规则 rule", "名称", "政策包", "值", "生效日", "期限", "依据", "可信度")
    return page("规则 Rules", "政策里的每个数值:一个有日期、有出处的值。", table(head, rows))


def documents_page() -> str:
    """Every policy document and the values that cite it."""
    cited = versions()
    documents = {d.id: d for book in books().values() for d in book.documents.values()}
    sections = [_document(documents[name], [v for v in cited if v.source.doc == name]) for name in sorted(documents)]
    return page("文件 Documents", "每份文件,以及系统里出自它的数值。", *sections)


def _document(document: Document, found: list[RuleVersion]) -> str:
    facts = f"`{document.id}` · {document.number or '无文号'} · {document.issuer} · {document.issued_on}"
    rows = [(v.source.clause, f"`{v.rule_id}`", v.label, v.text, v.due) for v in found]
    listing = table(("条款", "规则", "名称", "值", "期限"), rows) if rows else "(目前没有数值出自这份文件)"
    return f"## {document.title}\n\n{facts}\n\n{listing}"
