"""A scheme written compactly (TOML, by categories and chapters) → the neutral format.

How the compact form is written is told at the head of `policy/codes/drg/county-core.toml`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from yigongti.kernel.errors import FileRefused

Document = dict[str, Any]

SURGICAL, MEDICAL = "ABCDEFGHIJ", "RSTUVWXYZ"
ANY_COMPLICATION = {"any": [{"has": "mcc"}, {"has": "cc"}]}
DIVISIONS: Mapping[str, Any] = {"1": {"has": "mcc"}, "3": ANY_COMPLICATION, "5": True, "9": True}
DIVISION_NAMES = {"1": ",伴严重并发症或合并症", "3": ",伴并发症或合并症", "5": ",不伴并发症或合并症", "9": ""}
SPLITS = ("135", "35", "15", "9")
OR_PROCEDURES = "or_procedures"
_RANGE = re.compile(r"([A-Z]?)([\d.]+)-([A-Z]?)([\d.]+)")


def expand(text: str) -> list[str]:
    """The prefixes a compact list stands for: `I60-I62 G45` → I60, I61, I62, G45; `01.2-01.4` → 01.2, 01.3, 01.4."""
    return list(chain.from_iterable(_expanded(part) for part in text.split()))


def _expanded(part: str) -> Iterator[str]:
    match = _RANGE.fullmatch(part)
    if not match:
        yield part
        return
    letter, first, last_letter, last = match.groups()
    dot = first.find(".")
    if bool(letter) != bool(last_letter) or len(first) != len(last) or dot != last.find("."):
        raise FileRefused(f"编码范围“{part}”写得不对", why="两端的位数和小数点须一致", remedy="改为如 I60-I69")
    digits = len(first.replace(".", ""))
    for number in range(_number(letter, first), _number(last_letter, last) + 1):
        initial, rest = divmod(number, 10**digits)
        code = str(rest).zfill(digits)
        yield (chr(initial) if letter else "") + (code if dot < 0 else f"{code[:dot]}.{code[dot:]}")


def _number(letter: str, figures: str) -> int:
    digits = figures.replace(".", "")
    return int(f"{ord(letter) if letter else 0}{digits}")


def from_compact(compact: Mapping[str, Any], *, where: str) -> Document:
    """The neutral document of a compact one; FileRefused when a key is missing or a code range is not one."""
    try:
        return _Writer(compact).document()
    except (KeyError, TypeError, AttributeError) as error:
        raise FileRefused(
            f"简写方案缺项或写法不对:{error}", where, remedy="对照 county-core.toml 开头的说明"
        ) from error


class _Writer:
    def __init__(self, compact: Mapping[str, Any]) -> None:
        self.compact = compact
        self.lists: dict[str, list[str]] = {OR_PROCEDURES: self._or_procedures()}
        self.names: dict[str, str] = {}
        self.base_level: list[str] = []

    def document(self) -> Document:
        mdcs = [self._mdc(letter, self.compact["mdc"][letter]) for letter in self.compact["order"]]
        adrgs = {
            code: self._adrg(code, raw) for mdc in self.compact["mdc"].values() for code, raw in mdc["adrg"].items()
        }
        return {
            "scheme": self.compact["scheme"],
            "title": self.compact["title"],
            "retry_other_procedures": False,
            "mdcs": mdcs,
            "adrgs": adrgs,
            "drgs": self.names,
            "lists": {},
            "mcc": {},
            "cc": {},
            "exclusion_of_principal": {},
            "base_level": self.base_level,
            "prefixes": {"lists": self.lists, **self._complications()},
        }

    def _or_procedures(self) -> list[str]:
        adrgs = (item for mdc in self.compact["mdc"].values() for item in mdc["adrg"].items())
        return _distinct(
            expand(" ".join(raw["procedures"] for code, raw in adrgs if code[1] in SURGICAL and "procedures" in raw))
        )

    def _mdc(self, letter: str, raw: Mapping[str, Any]) -> Document:
        code = f"MDC{letter}"
        for name, text in raw.get("lists", {}).items():
            self.lists[name] = expand(text)
        self.names[code] = raw["name"]
        if "dx" in raw:
            entry = self._condition(f"{code}.principal_dx", raw)
        else:
            self.lists[f"{code}.procedures"] = expand(" ".join(adrg["procedures"] for adrg in raw["adrg"].values()))
            entry = {"main_procedure_in": f"{code}.procedures"}
        return {"code": code, "when": entry, "steps": self._steps(letter, raw)}

    def _steps(self, letter: str, raw: Mapping[str, Any]) -> list[Document]:
        procedural = [{"adrg": code} for code in raw["adrg"] if code[1] not in MEDICAL]
        medical = [{"adrg": code} for code in raw["adrg"] if code[1] in MEDICAL]
        if not medical:
            return procedural
        self.names[f"{letter}QY"] = "歧义组"
        return [*procedural, {"ambiguous": f"{letter}QY", "when": {"main_procedure_in": OR_PROCEDURES}}, *medical]

    def _adrg(self, code: str, raw: Mapping[str, Any]) -> Document:
        split = raw.get("split", "9")
        if split not in SPLITS:
            raise FileRefused(f"{code} 的细分“{split}”不认识", remedy=f"可用:{'、'.join(SPLITS)}")
        self.names[code] = raw["name"]
        self.names |= {f"{code}{digit}": raw["name"] + DIVISION_NAMES[digit] for digit in split}
        self.base_level += [f"{code}{digit}" for digit in raw.get("base", "")]
        drgs = [{"drg": f"{code}{digit}", "when": DIVISIONS[digit]} for digit in split]
        return {"when": self._condition(f"{code}.dx", raw), "drgs": drgs, "else": None}

    def _condition(self, dx_list: str, raw: Mapping[str, Any]) -> Any:
        parts: list[Any] = [raw["when"]] if "when" in raw else []
        if "procedures" in raw:
            name = dx_list.replace(".dx", ".procedures")
            self.lists[name] = expand(raw["procedures"])
            parts.insert(0, {"main_procedure_in": name})
        if "dx" in raw:
            self.lists[dx_list] = expand(raw["dx"])
            parts.insert(0, {"principal_dx_in": dx_list})
        return {"all": parts} if len(parts) > 1 else parts[0] if parts else True

    def _complications(self) -> Document:
        tables: dict[str, dict[str, Any]] = {"mcc": {}, "cc": {}, "exclusion_of_principal": {}}
        for block in self.compact["complications"]:
            for level in ("mcc", "cc"):
                tables[level] |= dict.fromkeys(expand(block.get(level, "")), block["id"])
        tables["exclusion_of_principal"] = _nested(
            dict.fromkeys(expand(block["principals"]), block["id"]) for block in self.compact["complications"]
        )
        return tables


def _nested(blocks: Iterable[Mapping[str, str]]) -> dict[str, list[str]]:
    """Principal prefix → all exclusion lists that hold it or a shorter one (only the longest prefix is looked up)."""
    own: dict[str, list[str]] = {}
    for block in blocks:
        for prefix, exclusion in block.items():
            own.setdefault(prefix, []).append(exclusion)
    return {
        prefix: _distinct(chain.from_iterable(own.get(prefix[:end], ()) for end in range(1, len(prefix) + 1)))
        for prefix in own
    }


def _distinct(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))
