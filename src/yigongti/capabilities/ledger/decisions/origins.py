"""At which level a document was issued, and which unit of the county a name means."""

import re
from collections.abc import Mapping, Sequence

from yigongti.kernel.roles import Role
from yigongti.kernel.rules.model import Level

_NATION = re.compile(r"国务院|国家|中共中央|全国|^(?:财政|教育|民政)部")
_PROVINCE = re.compile(r"省|自治区人民政府|自治区卫生|自治区医")
_COUNTY = re.compile(r"市[^市省]{1,6}[区县旗](?!域)|[县旗](?!域)|[^地小社片院]区(?:人民政府|卫生|医|委|深化|医改|府)")
_CITY = re.compile(r"市")

ROLE_WORDS: Mapping[Role, Sequence[str]] = {
    Role.BUREAU: ("卫生健康", "卫健"),
    Role.INSURER: ("医保局", "医疗保障"),
    Role.CDC: ("疾控", "疾病预防控制"),
}
"""Role → what the name of its department holds."""


def level_of(issuer: str, title: str) -> Level:
    """The level of who issued a document; where the issuer is not known, as its title names the place."""
    for text in (issuer, title):
        if not text:
            continue
        if _NATION.search(text):
            return "nation"
        if _COUNTY.search(text):
            return "county"
        if _PROVINCE.search(text):
            return "province"
        if _CITY.search(text):
            return "city"
    return "county"


def is_department_of(unit: str, role: Role) -> bool:
    """Whether a unit's name is that of the role's department."""
    return any(word in unit for word in ROLE_WORDS.get(role, ()))
