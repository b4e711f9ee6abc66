"""DIP worked out a second time: catalogues, scores and coefficients by the suite's README, in plain Python."""

from collections import Counter, defaultdict
from fractions import Fraction

from second_opinion_reckoning import Row, four_places, fraction

TREATMENTS = ["conservative", "diagnostic", "therapeutic", "surgery"]
CLASSES = {1: "surgery_1", 2: "surgery_2", 3: "surgery_3", 4: "surgery_3", None: "surgery_1"}


class Dip:
    """DIP by the suite's README: catalogues, scores, coefficients."""

    def __init__(self, told: Row) -> None:
        self.told = told

    def kind(self, procedure: str) -> str:
        kinds = self.told["procedure_kinds"]
        return next((k for k, starts in kinds.items() if any(procedure.startswith(s) for s in starts)), "surgery")

    def rank(self, procedures: list[str]) -> str:
        return max((self.kind(each) for each in procedures), key=TREATMENTS.index, default="conservative")

    def key(self, stay: Row) -> tuple[str, list[str]]:
        diagnosis = stay["dx"][0].upper()[:5] if stay["dx"] else ""
        return diagnosis, list(dict.fromkeys(code[:5] for code in stay["procedures"]))

    def treatment(self, stay: Row) -> str:
        highest = self.rank(self.key(stay)[1])
        return CLASSES[stay["operation_level"]] if highest == "surgery" else highest

    def core_of(self, stay: Row, core: dict[tuple[str, frozenset[str]], int]) -> tuple[str, frozenset[str]] | None:
        diagnosis, own = self.key(stay)
        if not own:
            return (diagnosis, frozenset()) if (diagnosis, frozenset()) in core else None
        fitting = [each for each in core if each[0] == diagnosis and each[1] and each[1] <= set(own)]

        def order(each: tuple[str, frozenset[str]]) -> tuple[int, int, bool, int]:
            return TREATMENTS.index(self.rank(sorted(each[1]))), len(each[1]), own[0] in each[1], core[each]

        return max(fitting, key=order, default=None)

    def name(self, core: tuple[str, frozenset[str]]) -> str:
        return " ".join(["core", core[0], *(["+".join(sorted(core[1]))] if core[1] else [])])

    def composite_of(self, stay: Row, known: set[tuple[str, str]]) -> str | None:
        diagnosis, how = self.key(stay)[0], self.treatment(stay)
        found = next((diagnosis[:n] for n in (3, 2, 1, 0) if (diagnosis[:n], how) in known), None)
        return None if found is None or not diagnosis else f"composite {found or '*'} {how}"


def dip_build(asked: Row) -> Row:
    dip = Dip(asked["parameters"])
    stays = [each for each in asked["stays"] for _ in range(each["count"]) if each["dx"] and each["total_fen"] > 0]
    least = asked["parameters"]["case_threshold"]
    core = _enough(Counter((dip.key(s)[0], frozenset(dip.key(s)[1])) for s in stays), least)
    rest = [s for s in stays if not dip.core_of(s, core) and dip.key(s)[1]]
    core |= _enough(Counter((dip.key(s)[0], frozenset(dip.key(s)[1][:1])) for s in rest), least)
    rest, composite = [s for s in stays if not dip.core_of(s, core)], set()
    for length in (3, 2, 1, 0):
        gathered = Counter((dip.key(s)[0][:length], dip.treatment(s)) for s in rest)
        taken = set(_enough(gathered, least if length else 1))
        composite |= taken
        rest = [s for s in rest if (dip.key(s)[0][:length], dip.treatment(s)) not in taken]
    groups = defaultdict(list)
    for stay in stays:
        found = dip.core_of(stay, core)
        groups[dip.name(found) if found else dip.composite_of(stay, composite)].append(stay)
    overall, years = _mean_of_years(stays, stays, asked), asked["parameters"]["score_scale"]
    in_core = sum(len(own) for name, own in groups.items() if name.startswith("core"))
    return {
        "groups": {
            name: {"cases": len(own), "score": four_places(_mean_of_years(own, stays, asked) / overall * years)}
            for name, own in groups.items()
        },
        "core_share": float(Fraction(in_core, len(stays))),
    }


def _enough(counts: Counter, least: int) -> dict:
    return {key: count for key, count in counts.items() if count >= least}


def _mean_of_years(own: list[Row], every: list[Row], asked: Row) -> Fraction:
    """Years from the first (at most the last three), weighted; one without cases passes its weight on."""
    weights = [*asked["parameters"]["year_weights"].values()]
    last, first = max(s["year"] for s in every), min(s["year"] for s in every)
    years = list(range(max(first, last - 2), last + 1))
    total, whole = Fraction(0), 0
    for year, weight in zip(years, weights[-len(years) :], strict=True):
        costs = [s["total_fen"] for s in own if s["year"] == year]
        if costs:
            total, whole = total + weight * Fraction(sum(costs), len(costs)), whole + weight
    return total / whole


def dip_score(asked: Row) -> Row:
    told, catalogue, stay, dip = asked["parameters"], asked["catalogue"], asked["stay"], Dip(asked["parameters"])
    core = {
        (name.split()[1], frozenset("".join(name.split()[2:]).split("+")) - {""}): each["cases"]
        for name, each in catalogue["groups"].items()
        if name.startswith("core")
    }
    composite = {tuple(name.split()[1:]) for name in catalogue["groups"] if name.startswith("composite")}
    known = {("" if prefix == "*" else prefix, how) for prefix, how in composite}
    found = dip.core_of(stay, core) if stay["dx"] else None
    group = dip.name(found) if found else dip.composite_of(stay, known) if stay["dx"] else None
    if group is None:
        share = fraction(told["blank_share"]) if stay["dx"] else Fraction(0)
        return {"group": None, "score": 0, "adjusted_score": four_places(
            Fraction(stay["total_fen"], catalogue["mean_fen"]) * told["score_scale"] * share)}  # fmt: skip
    score, times = (
        fraction(catalogue["groups"][group]["score"]),
        Fraction(stay["total_fen"], catalogue["groups"][group]["mean_fen"]),
    )
    base_level = found and not found[1] and any(found[0].startswith(code) for code in catalogue["base_level"])
    own = catalogue["institution_coefficients"].get(stay["institution_id"], 1)
    adjusted = score * fraction(told["base_level_factor"] if base_level else own)
    if times <= fraction(told["low_deviation"]):
        adjusted = score * times
    elif times >= fraction(told["high_deviation"]):
        adjusted = score * (times - fraction(told["high_deviation"]) + 1)
    return {"group": group, "score": float(score), "adjusted_score": four_places(adjusted)}


def dip_coefficient(asked: Row) -> Row:
    told, level = asked["parameters"], asked["level"]
    total = fraction(told["base"][level])
    for name in ("case_mix", "children", "elderly", "tcm"):
        own, peers, step = fraction(asked["own"][name]), fraction(asked["peers"][name]), told[name]
        if own > peers and level in step:
            times = int((own - peers) / peers / fraction(step["every"])) + (name == "elderly")
            total += min(times * fraction(step["add"]), fraction(step[level]))
    return {"coefficient": four_places(total)}
