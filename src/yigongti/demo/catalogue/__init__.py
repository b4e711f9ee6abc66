"""What the invented county treats, prescribes, examines and charges: the CSV files of this folder, read once.

ICD-10 and ICD-9-CM-3 codes are real (insurance edition); drug, item and staff codes, prices, rates and shares are
invented.  Edit the CSV to change the county; nothing here is policy.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from yigongti.demo.draw import cumulative

BANDS = ("w0", "w5", "w15", "w45", "w65")
_BAND_STARTS = np.array([5, 15, 45, 65])
CHRONIC = ("hypertension", "diabetes", "copd", "severe_mental_disorder", "tuberculosis")
CATEGORIES = ("registration", "bed", "exam", "lab", "treatment", "surgery", "nursing", "drug", "tcm_drug", "material")
EXAM_KINDS = ("imaging", "ecg", "lab", "pathology")
CHECK_UP = "Z00.000"


@dataclass(frozen=True)
class Sheet:
    """One CSV file, by column."""

    rows: list[dict[str, str]]

    def text(self, column: str) -> list[str]:
        """One column as it is written."""
        return [row[column] for row in self.rows]

    def numbers(self, *columns: str) -> np.ndarray:
        """One column as a vector, several as a matrix with a row a line."""
        values = np.array([[float(row[column] or 0) for column in columns] for row in self.rows])
        return values[:, 0] if len(columns) == 1 else values

    def places(self, column: str, among: list[str] | tuple[str, ...]) -> np.ndarray:
        """Each line's value as its index in `among`; −1 where it is empty or not there."""
        index = {value: place for place, value in enumerate(among)}
        return np.array([index.get(row[column], -1) for row in self.rows], dtype=np.int32)

    def __len__(self) -> int:
        return len(self.rows)


@cache
def sheet(name: str) -> Sheet:
    """The catalogue file `name`.csv."""
    with resources.files(__name__).joinpath(f"{name}.csv").open(encoding="utf-8") as lines:
        return Sheet(list(csv.DictReader(lines)))


def names(kind: str) -> list[str]:
    """The names of one kind in names.csv: surname, male, female (given names), town, street."""
    lines = sheet("names")
    return lines.text("names")[lines.text("kind").index(kind)].split("|")


@dataclass(frozen=True)
class Goods:
    """Everything that can be charged: items first, drugs after them; prices in fen, [primary, county level]."""

    codes: list[str]
    names: list[str]
    category: np.ndarray
    exam: np.ndarray
    sex: np.ndarray
    price: np.ndarray
    first_drug: int

    def place(self, code: str) -> int:
        """The index of a code.  Raises ValueError where there is none."""
        return self.codes.index(code)

    def group(self, category: str, prefix: str = "") -> np.ndarray:
        """Indices of the goods of a category whose code starts with `prefix`."""
        wanted = CATEGORIES.index(category)
        found = [i for i, code in enumerate(self.codes) if self.category[i] == wanted and code.startswith(prefix)]
        return np.array(found, dtype=np.int32)


@cache
def goods() -> Goods:
    """The price list: items and drugs (a drug costs the same everywhere)."""
    items, drugs = sheet("items"), sheet("drugs")
    herbal = np.array(drugs.text("kind")) == "tcm_herbal"
    drug_category = np.where(herbal, CATEGORIES.index("tcm_drug"), CATEGORIES.index("drug"))
    none = np.full(len(drugs), -1, dtype=np.int32)
    drug_price = np.repeat(drugs.numbers("price")[:, None], 2, axis=1)
    return Goods(
        codes=items.text("code") + drugs.text("code"),
        names=items.text("name") + drugs.text("name"),
        category=np.concatenate([items.places("category", CATEGORIES), drug_category]).astype(np.int32),
        exam=np.concatenate([items.places("exam", EXAM_KINDS), none]),
        sex=np.concatenate([items.places("sex", ("male", "female")), none]),
        price=np.concatenate([items.numbers("primary", "secondary"), drug_price]).astype(np.int64),
        first_drug=len(items),
    )


@dataclass(frozen=True)
class DrugGroups:
    """Drugs by group: `first` and `size` of each group's run of rows in drugs.csv."""

    names: list[str]
    first: np.ndarray
    size: np.ndarray


@cache
def drug_groups() -> DrugGroups:
    """The groups of drugs.csv, each a run of neighbouring rows."""
    column = sheet("drugs").text("group")
    names = list(dict.fromkeys(column))
    first = np.array([column.index(name) for name in names], dtype=np.int32)
    size = np.array([column.count(name) for name in names], dtype=np.int32)
    return DrugGroups(names, first, size)


@dataclass(frozen=True)
class OrderGroup:
    """What is ordered together: goods and their chances at [primary, county level] institutions."""

    goods: np.ndarray
    chance: np.ndarray


@cache
def order_groups() -> dict[str, OrderGroup]:
    """The groups of orders.csv by name."""
    lines, listed = sheet("orders"), goods()
    where = np.array([listed.place(code) for code in lines.text("item")], dtype=np.int32)
    names, chances = np.array(lines.text("group")), lines.numbers("primary", "hospital")
    return {str(n): OrderGroup(where[names == n], chances[names == n].T) for n in dict.fromkeys(names)}


def band(age: np.ndarray) -> np.ndarray:
    """Age in years to the index of its band in `BANDS`."""
    return np.searchsorted(_BAND_STARTS, age, side="right")


def mix(lines: Sheet, *, month_of_year: int) -> np.ndarray:
    """Cumulative shares of the lines for each (sex × band): rows 0–4 male, 5–9 female.

    A line's `winter` moves its weight with the season: +0.5 is 50 % more in January and 50 % less in July.
    """
    season = 1 + lines.numbers("winter") * np.cos(2 * np.pi * (month_of_year - 1) / 12)
    weights = lines.numbers(*BANDS).T * season
    sexes = lines.places("sex", ("male", "female"))
    return cumulative(np.concatenate([weights * (sexes != 1), weights * (sexes != 0)]))


@cache
def complaints() -> Sheet:
    """What people come to a visit with: conditions.csv, then reportable.csv, then the check-up, in this order."""
    blank = dict.fromkeys((*BANDS, "sex", "winter", "tcm", "chronic"), "")
    reported = [
        {**blank, **row, "name": row["disease"], **dict.fromkeys(BANDS, "")} for row in sheet("reportable").rows
    ]
    check_up = {**blank, "code": CHECK_UP, "name": "健康体检", "department": "公共卫生科", "care": "common",
                "drugs": "none", "orders": "checkup"}  # fmt: skip
    return Sheet([*sheet("conditions").rows, *reported, check_up])
