"""Code systems that FHIR sources use, and what they are in the county's facts; the SQL macros that read elements.

Sources: HL7 FHIR R4 value sets (encounter class, discharge disposition), LOINC vital signs, NUCC provider taxonomy.
"""

from collections.abc import Iterable

import pyarrow as pa

from yigongti.kernel.facts.county import INSTITUTION_KINDS

SYSTEM_PREFIX = {
    "http://snomed.info/sct": "sct:",
    "http://loinc.org": "loinc:",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm:",
    "http://hl7.org/fhir/sid/cvx": "cvx:",
}

DISPOSITION = {"home": "1", "other-hcf": "2", "hosp": "2", "rehab": "3", "snf": "3", "alt-home": "1", "aadvice": "4",
               "exp": "5"}  # fmt: skip

MEASURE_OF_LOINC = {
    "8480-6": "sbp", "8462-4": "dbp", "8867-4": "heart_rate", "14771-0": "fbg", "76629-5": "fbg", "1558-6": "fbg",
    "4548-4": "hba1c", "29463-7": "weight", "3141-9": "weight", "8302-2": "height", "8280-0": "waist",
    "56086-2": "waist", "8310-5": "temperature", "59408-5": "spo2", "2708-6": "spo2", "9279-1": "respiration",
}  # fmt: skip

UNITS = (  # measure, unit as given, our unit, factor, shift: ours = given × factor + shift
    *[(pressure, given, "mmHg", 1.0, 0.0) for pressure in ("sbp", "dbp") for given in ("mm[Hg]", "mmHg")],
    *[(rate, given, "次/分", 1.0, 0.0) for rate in ("heart_rate", "respiration")
      for given in ("/min", "{beats}/min", "{breaths}/min", "beats/min", "breaths/min")],
    ("fbg", "mmol/L", "mmol/L", 1.0, 0.0), ("fbg", "mg/dL", "mmol/L", 1 / 18.0182, 0.0), ("hba1c", "%", "%", 1.0, 0.0),
    ("weight", "kg", "kg", 1.0, 0.0), ("weight", "[lb_av]", "kg", 0.45359237, 0.0),
    ("weight", "lbs", "kg", 0.45359237, 0.0), ("weight", "g", "kg", 0.001, 0.0),
    *[(length, given, "cm", factor, 0.0) for length in ("height", "waist")
      for given, factor in (("cm", 1.0), ("m", 100.0), ("[in_i]", 2.54))],
    ("temperature", "Cel", "℃", 1.0, 0.0), ("temperature", "[degF]", "℃", 5 / 9, -160 / 9),
    ("spo2", "%", "%", 1.0, 0.0),
)  # fmt: skip

PROFESSIONS = {  # code of PractitionerRole → (profession, general practitioner)
    "doctor": ("physician", False), "nurse": ("nurse", False), "pharmacist": ("pharmacist", False),
    "208D00000X": ("physician", True), "207Q00000X": ("physician", True), "207R00000X": ("physician", False),
    "163W00000X": ("nurse", False), "183500000X": ("pharmacist", False), "363A00000X": ("assistant_physician", False),
    "363L00000X": ("assistant_physician", False), "112200000X": ("physician", False),
    "309343006": ("physician", False), "224535009": ("nurse", False), "46255001": ("pharmacist", False),
}  # fmt: skip

VISIT_KIND = {"AMB": "outpatient", "EMER": "emergency", "HH": "home", "VR": "internet", "FLD": "circuit",
              "OBSENC": "emergency", "PRENC": "outpatient"}  # fmt: skip


def code_tables() -> dict[str, pa.Table]:
    """The tables above as Arrow tables, by the name that the mapping's queries use."""
    return {
        "disposition_code": _table(("code", "way"), DISPOSITION.items()),
        "measure_code": _table(("loinc", "measure"), MEASURE_OF_LOINC.items()),
        "unit_code": _table(("measure", "given", "unit", "factor", "shift"), UNITS),
        "profession_code": _table(
            ("code", "profession", "general_practitioner"), [(code, *what) for code, what in PROFESSIONS.items()]
        ),
    }


def _table(names: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> pa.Table:
    columns = zip(*rows, strict=True)
    return pa.table({name: list(column) for name, column in zip(names, columns, strict=True)})


def _choice(column: str, choices: dict[str, str], otherwise: str) -> str:
    whens = " ".join(f"WHEN '{given}' THEN '{ours}'" for given, ours in choices.items())
    return f"CASE {column} {whens} ELSE {otherwise} END"


_KINDS = "[" + ", ".join(f"'{kind}'" for kind in INSTITUTION_KINDS) + "]"

MACROS = (
    """CREATE MACRO key_of(r) AS coalesce(
           CASE WHEN contains(r.reference, '?identifier=') THEN regexp_extract(r.reference, '[|=]([^|=]+)$', 1)
                WHEN starts_with(r.reference, 'urn:uuid:') THEN substr(r.reference, 10)
                ELSE regexp_extract(r.reference, '([^/#]+)$', 1) END, r.identifier.value)""",
    """CREATE MACRO icd_of(codings) AS
           list_filter(codings, lambda c: contains(lower(coalesce(c.system, '')), 'icd-'))[1]""",
    f"""CREATE MACRO code_of(concept) AS coalesce(icd_of(concept.coding).code,
           {_choice("concept.coding[1].system", SYSTEM_PREFIX, "''")} || concept.coding[1].code, concept.text)""",
    """CREATE MACRO name_of(concept) AS
           coalesce(concept.text, icd_of(concept.coding).display, concept.coding[1].display)""",
    "CREATE MACRO day_of(moment) AS CASE WHEN length(moment) >= 10 THEN TRY_CAST(substr(moment, 1, 10) AS DATE) END",
    "CREATE MACRO instant_of(moment) AS CASE WHEN contains(moment, 'T') THEN TRY_CAST(moment AS TIMESTAMPTZ) END",
    "CREATE MACRO years_between(born, day) AS date_part('year', age(day::TIMESTAMP, born::TIMESTAMP))::BIGINT",
    f"CREATE MACRO visit_kind(class) AS {_choice('class', VISIT_KIND, repr('outpatient'))}",
    f"""CREATE MACRO kind_code(types) AS list_filter(
           flatten(list_transform(types, lambda t: list_transform(t.coding, lambda c: c.code))),
           lambda code: list_contains({_KINDS}, code))[1]""",
    """CREATE MACRO full_name(names) AS coalesce(names[1].text, CASE
           WHEN regexp_matches(names[1].family, '^\\p{Han}') THEN
               names[1].family || array_to_string(coalesce(names[1].given, []), '')
           ELSE nullif(concat_ws(' ', array_to_string(coalesce(names[1].given, []), ' '), names[1].family), '') END)""",
    """CREATE MACRO drug_of(m) AS coalesce(m.medicationCodeableConcept,
           list_filter(m.contained, lambda c: '#' || c.id = m.medicationReference.reference)[1].code)""",
    """CREATE MACRO frequency_of(dosage) AS coalesce(dosage.timing.code.coding[1].code, CASE
           WHEN dosage.timing."repeat".frequency IS NOT NULL THEN concat(
               dosage.timing."repeat".frequency::BIGINT, '/', coalesce(dosage.timing."repeat".period, 1)::BIGINT,
               dosage.timing."repeat".periodUnit) END, dosage.text)""",
    """CREATE MACRO days_of(duration) AS round(duration.value * CASE coalesce(duration.code, duration.unit, 'd')
           WHEN 'd' THEN 1 WHEN 'day' THEN 1 WHEN 'days' THEN 1 WHEN 'wk' THEN 7 WHEN 'mo' THEN 30
           WHEN 'h' THEN 1.0 / 24 END)::BIGINT""",
)
