"""Word's automatic numbers: what stands before a paragraph on paper but not in its text."""

from xml.etree import ElementTree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "零一二三四五六七八九"
_SPELLED = frozenset(
    {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographTraditional", "taiwaneseCounting"}
)
_CIRCLED = frozenset({"decimalEnclosedCircle", "decimalEnclosedCircleChinese"})


class Numbering:
    """Counts the automatically numbered paragraphs of one document, in order."""

    def __init__(self, root: ElementTree.Element | None) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}  # list → level → format, text, start
        self._counts: dict[str, dict[int, int]] = {}
        if root is not None:
            self._read(root)

    def label(self, paragraph: ElementTree.Element) -> str:
        """The number that Word shows before a paragraph; empty for one without, and for bullets."""
        properties = paragraph.find(f"{_W}pPr/{_W}numPr")
        if properties is None:
            return ""
        list_id, level = _value(properties.find(f"{_W}numId")), int(_value(properties.find(f"{_W}ilvl")) or 0)
        shapes = self._levels.get(list_id, {})
        if level not in shapes or shapes[level][0] in ("bullet", "none"):
            return ""
        self._advance(list_id, level, shapes[level][2])
        return self._shown(list_id, shapes, level)

    def _advance(self, list_id: str, level: int, start: int) -> None:
        counts = self._counts.setdefault(list_id, {})
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]

    def _shown(self, list_id: str, shapes: dict[int, tuple[str, str, int]], level: int) -> str:
        text = shapes[level][1]
        for at, number in self._counts[list_id].items():
            text = text.replace(f"%{at + 1}", _written(number, shapes.get(at, shapes[level])[0]))
        return text

    def _read(self, root: ElementTree.Element) -> None:
        abstract = {
            definition.get(f"{_W}abstractNumId", ""): _levels(definition)
            for definition in root.findall(f"{_W}abstractNum")
        }
        for number in root.findall(f"{_W}num"):
            self._levels[number.get(f"{_W}numId", "")] = abstract.get(_value(number.find(f"{_W}abstractNumId")), {})


def _levels(definition: ElementTree.Element) -> dict[int, tuple[str, str, int]]:
    return {
        int(level.get(f"{_W}ilvl", "0")): (
            _value(level.find(f"{_W}numFmt")) or "decimal",
            _value(level.find(f"{_W}lvlText")),
            int(_value(level.find(f"{_W}start")) or 1),
        )
        for level in definition.findall(f"{_W}lvl")
    }


def _written(number: int, shape: str) -> str:
    if shape in _SPELLED and number < 100:
        tens, ones = divmod(number, 10)
        ten = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
        return ten + (_DIGITS[ones] if ones or not tens else "")
    return chr(0x2460 + number - 1) if shape in _CIRCLED and number <= 20 else str(number)


def _value(element: ElementTree.Element | None) -> str:
    return (element.get(f"{_W}val") or "") if element is not None else ""
