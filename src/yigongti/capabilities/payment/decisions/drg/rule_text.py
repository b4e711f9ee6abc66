"""The conditions of the CHS-DRG 3.0 workbook, written as text, → conditions of the neutral format.

`(ZYZD in DI_BB2) and (ZYSS in OP_BB2)`, `{ZYSS, QTSS} in OP2_AC1`, `QTZD in {MCC, CC} and NL>=70`,
`length(OP_IC2 ∩ {ZYSS, QTSS}) >= 2`.  ZYZD principal diagnosis, QTZD other diagnoses, ZYSS principal procedure, QTSS
other procedures, NL age in years, XSRTL newborn's age in days, XSRTZ newborn's weight, XB sex (1, 2).
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

CODE_VARIABLES = ("ZYZD", "QTZD", "ZYSS", "QTSS")
ROLES: Mapping[frozenset[str], str] = {
    frozenset({"ZYZD"}): "principal_dx",
    frozenset({"QTZD"}): "other_dx",
    frozenset({"ZYZD", "QTZD"}): "any_dx",
    frozenset({"ZYSS"}): "main_procedure",
    frozenset({"QTSS"}): "other_procedure",
    frozenset({"ZYSS", "QTSS"}): "any_procedure",
}
NUMBERS = {"NL": "age_years", "XSRTL": "age_days", "XSRTZ": "birth_weight_g"}
SEXES = {"1": "male", "2": "female"}
SYMBOLS = {
    ">=": ">=",
    "≥": ">=",
    "<=": "<=",
    "≤": "<=",
    "==": "==",
    "=": "==",
    "!=": "!=",
    "<>": "!=",
    ">": ">",
    "<": "<",
}
COMPLICATIONS = ("MCC", "CC")

_TOKEN = re.compile(r"\s*(>=|<=|==|!=|<>|[≥≤=<>(){},∩]|\d+(?:\.\d+)?(?![\w])|\w+)")

Sets = Mapping[str, list[str]]


class RuleError(ValueError):
    """A rule text that does not parse; the message says where, in Chinese."""


def parse_rule(text: str, sets: Sets) -> Any:
    """The neutral condition of a rule text; an empty rule is true.  sets: the names a rule may use → their codes.

    Raises RuleError on anything it does not understand: nothing is guessed.
    """
    cleaned = unicodedata.normalize("NFKC", re.sub(r"_x000D_|\s", " ", text)).strip()
    return _Parser(_tokens(cleaned), sets).rule() if cleaned else True


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise RuleError(f"第 {at + 1} 个字起不认识:“{text[at : at + 12]}”")
        tokens.append(match[1])
        at = match.end()
        at += len(text[at:]) - len(text[at:].lstrip())
    return tokens


class _Parser:
    """Recursive descent: or < and < not < one test."""

    def __init__(self, tokens: list[str], sets: Sets) -> None:
        self.tokens, self.at, self.sets = tokens, 0, sets

    def rule(self) -> Any:
        condition = self._either()
        if self.at < len(self.tokens):
            raise RuleError(f"“{self.tokens[self.at]}”多余")
        return condition

    def _either(self) -> Any:
        parts = [self._both()]
        while self._skips("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else {"any": parts}

    def _both(self) -> Any:
        parts = [self._one()]
        while self._skips("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else {"all": parts}

    def _one(self) -> Any:
        if self._skips("not"):
            return {"not": self._one()}
        if self._skips("("):
            inner = self._either()
            self._expect(")")
            return inner
        if self._skips("length"):
            return self._count()
        names = self._names()
        if names == ["XB"] or names[0] in NUMBERS:
            return self._value(names)
        negated = self._skips("not")
        self._expect("in")
        condition = self._member(names, self._names())
        return {"not": condition} if negated else condition

    def _names(self) -> list[str]:
        """A name, or names in braces."""
        if not self._skips("{"):
            return [self._next()]
        names = [self._next()]
        while self._skips(","):
            names.append(self._next())
        self._expect("}")
        return names

    def _member(self, variables: list[str], names: list[str]) -> Any:
        tests = [self._test(variables, name) for name in names]
        return tests[0] if len(tests) == 1 else {"any": tests}

    def _test(self, variables: list[str], name: str) -> Any:
        if name in COMPLICATIONS:
            if variables != ["QTZD"]:
                raise RuleError(f"{name} 只能用于其他诊断 QTZD")
            return {"has": name.lower()}
        self._known(name)
        return {f"{_role(variables)}_in": name}

    def _known(self, name: str) -> list[str]:
        if name not in self.sets:
            raise RuleError(f"集合 {name} 不存在")
        return self.sets[name]

    def _value(self, names: list[str]) -> Any:
        symbol, number = self._comparison()
        if names == ["XB"]:
            if symbol != "==" or number not in SEXES:
                raise RuleError(f"性别 XB 只能等于 1 或 2,写的是 {symbol} {number}")
            return {"sex": SEXES[number]}
        if len(names) > 1:
            raise RuleError(f"{'、'.join(names)} 不能放在一起比较")
        return {NUMBERS[names[0]]: [symbol, _number(number)]}

    def _comparison(self) -> tuple[str, str]:
        symbol = SYMBOLS.get(self._next())
        if symbol is None:
            raise RuleError(f"“{self.tokens[self.at - 1]}”应为比较符号")
        return symbol, self._next()

    def _count(self) -> Any:
        """How many different codes the case has of a set, as lists of one code each."""
        self._expect("(")
        sides = [self._names()]
        self._expect("∩")
        sides.append(self._names())
        self._expect(")")
        variables, names = sorted(sides, key=lambda side: not set(side) <= set(CODE_VARIABLES))
        singles = [[code] for name in names for code in self._known(name)]
        role = _role(variables)
        if not role.startswith("any_"):
            raise RuleError(f"length 只用于 {{ZYSS, QTSS}} 或 {{ZYZD, QTZD}},写的是 {'、'.join(variables)}")
        symbol, number = self._comparison()
        return _counted(f"{role}_in_at_least", singles, symbol, int(_number(number)))

    def _skips(self, token: str) -> bool:
        found = self.at < len(self.tokens) and self.tokens[self.at].lower() == token
        self.at += found
        return found

    def _expect(self, token: str) -> None:
        if not self._skips(token):
            raise RuleError(f"“{' '.join(self.tokens[max(0, self.at - 3) : self.at])}”之后缺“{token}”")

    def _next(self) -> str:
        if self.at >= len(self.tokens):
            raise RuleError("规则没有写完")
        self.at += 1
        return self.tokens[self.at - 1]


def _role(variables: list[str]) -> str:
    role = ROLES.get(frozenset(variables))
    if role is None:
        raise RuleError(f"不认识的变量 {'、'.join(variables)}")
    return role


def _number(text: str) -> float | int:
    try:
        return int(text) if text.isdigit() else float(text)
    except ValueError as error:
        raise RuleError(f"“{text}”应为数") from error


def _counted(key: str, singles: list[list[str]], symbol: str, number: int) -> Any:
    def at_least(least: int) -> Any:
        return {key: [least, singles]}

    return {
        ">=": at_least(number),
        ">": at_least(number + 1),
        "<": {"not": at_least(number)},
        "<=": {"not": at_least(number + 1)},
        "==": {"all": [at_least(number), {"not": at_least(number + 1)}]},
        "!=": {"any": [{"not": at_least(number)}, at_least(number + 1)]},
    }[symbol]
