"""The rules a clearing goes by: the county's own, another place's pack, or either with something supposed."""

from collections.abc import Iterable

import yaml

from yigongti.kernel.errors import PolicyError, Refusal
from yigongti.kernel.rules import DEFAULT_POLICY, RuleBook, whole
from yigongti.kernel.rules.reading import OWN, folder_of


def book_of(pack: str) -> RuleBook:
    """The rules of a pack with those above it.  Raises PolicyError naming the packs there are."""
    folder_of(DEFAULT_POLICY, pack)
    return next(book for book in whole() if next(iter(book.packs)) == pack)


def pack_of(book: RuleBook) -> str:
    """The nearest pack of a book, the county's own left aside."""
    return next(name for name in book.packs if name != OWN)


def supposed(book: RuleBook, settings: Iterable[str]) -> RuleBook:
    """The book with `RULE=VALUE` taken as true; a table or bands are written as in a rule file, in one line.

    Raises Refusal on text that is not RULE=VALUE, an unknown rule, or a value that does not fit it.
    """
    values: dict[str, object] = {}
    for text in settings:
        rule, equals, value = text.partition("=")
        if not equals or not rule.strip():
            raise Refusal(f"“{text}”不是 规则=值", "--set", remedy="例如 --set payment.clearing.surplus_share=85%")
        values[rule.strip()] = _value(value.strip(), text)
    return book.with_values(values)


def _value(text: str, where: str) -> object:
    if not text.startswith(("{", "[")):
        return text
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise PolicyError(f"值读不懂:{text}", f"--set {where}", str(error), "表和分段照规则文件写成一行") from error
