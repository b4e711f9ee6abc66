"""Turns checked FHIR resources into rows of fact tables, in columns.

Each query of FACTS gives columns of a fact table, with `file` and `line` of the resource that a row comes from
(`source_line` where `line` is a column of the table).  What a
resource does not say stays null (cost, insurance, institution kind): never an invented 0.  Codes keep their system as
a prefix (`sct:`, `rxnorm:` …) unless they are ICD, whose bare codes the facts use.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from yigongti.exchange.fhir.checking import BLANK
from yigongti.exchange.fhir.codes import MACROS, code_tables
from yigongti.exchange.fhir.shapes import SHAPES

BATCH = 50_000
MEMORY = "640MB"

ALIASES = """
    CREATE TEMP TABLE alias AS SELECT i.value, min(id) AS id
    FROM (SELECT id, unnest(identifier) AS i FROM practitioner) WHERE i.value IS NOT NULL GROUP BY 1"""

PEOPLE = """
    CREATE TEMP TABLE person AS
    SELECT id AS resident_id, arg_min(gender, line) AS sex, TRY_CAST(arg_min(birthDate, line) AS DATE) AS birth_date
    FROM patient GROUP BY id"""

ENCOUNTERS = """
    CREATE TEMP TABLE contact AS
    SELECT file, line, id, key_of(subject) AS resident_id, class.code AS class, key_of(serviceProvider) AS provider,
           coalesce(serviceType.text, serviceType.coding[1].display) AS department,
           day_of(period.start) AS start_on, day_of(period."end") AS end_on,
           CASE WHEN appointment IS NOT NULL THEN true END AS booked,
           hospitalization.dischargeDisposition.coding[1].code AS disposition,
           list_contains(list_transform(type, lambda kind: kind.coding[1].code), '410620009') AS checkup,
           class.code IN ('IMP', 'ACUTE', 'NONAC', 'SS') AS inpatient,
           list_transform(coalesce(reasonCode, []), lambda reason: code_of(reason)) AS reasons
    FROM encounter"""

PROVIDERS = """
    CREATE TEMP TABLE provided AS SELECT id, arg_min(provider, line) AS provider FROM contact GROUP BY id"""

DIAGNOSES = """
    CREATE TEMP TABLE diagnosed AS
    SELECT encounter_id, list(code ORDER BY first) AS dx FROM (
        SELECT key_of(encounter) AS encounter_id, code_of(code) AS code,
               min(coalesce(recordedDate, '') || ' ' || id) AS first
        FROM condition WHERE encounter IS NOT NULL GROUP BY ALL) GROUP BY encounter_id"""

OPERATIONS = """
    CREATE TEMP TABLE operated AS
    SELECT key_of(encounter) AS encounter_id,
           list(code_of(code) ORDER BY coalesce(performedPeriod.start, performedDateTime), id) AS procedures
    FROM procedure WHERE encounter IS NOT NULL GROUP BY 1"""

FACTS: Mapping[str, str] = {
    "institution": """
        SELECT o.file, o.line, id AS institution_id, name, kind_code(type) AS kind, l.lon, l.lat, false AS is_lead,
               key_of(partOf) AS parent_id
        FROM organization o LEFT JOIN (
            SELECT key_of(managingOrganization) AS id, arg_min(position.longitude, line) AS lon,
                   arg_min(position.latitude, line) AS lat FROM location GROUP BY 1) l USING (id)""",
    "staff": """
        SELECT r.file, r.line, coalesce(a.id, key_of(practitioner)) AS staff_id, key_of(organization) AS institution_id,
               coalesce(c.profession, 'other') AS profession, specialty[1].coding[1].display AS specialty,
               coalesce(c.general_practitioner, false) AS general_practitioner, day_of(period.start) AS hired_on,
               day_of(period."end") AS left_on
        FROM practitionerrole r LEFT JOIN alias a ON a.value = key_of(practitioner)
        LEFT JOIN profession_code c ON c.code = r.code[1].coding[1].code
        QUALIFY row_number() OVER (PARTITION BY staff_id ORDER BY period."end" DESC NULLS FIRST, r.line) = 1""",
    "resident": """
        SELECT file, line, id AS resident_id, CASE WHEN gender IN ('male', 'female') THEN gender END AS sex,
               TRY_CAST(birthDate AS DATE) AS birth_date, []::VARCHAR[] AS key_groups,
               day_of(meta.lastUpdated) AS registered_on, day_of(deceasedDateTime) AS died_on FROM patient""",
    "identity": """
        SELECT file, line, id AS resident_id, full_name(name) AS name,
               list_filter(identifier, lambda i: i.system = 'urn:oid:2.16.156.10011.1.3')[1].value AS id_number,
               list_filter(telecom, lambda t: t.system = 'phone')[1].value AS phone
        FROM patient WHERE full_name(name) IS NOT NULL""",
    "visit": """
        SELECT file, line, id AS visit_id, c.resident_id, provider AS institution_id, start_on AS day,
               CASE WHEN checkup THEN 'checkup' ELSE visit_kind(class) END AS kind, department,
               coalesce(dx, reasons) AS dx, booked
        FROM contact c LEFT JOIN diagnosed ON encounter_id = id WHERE NOT inpatient""",
    "stay": """
        SELECT file, line, id AS stay_id, c.resident_id, provider AS institution_id, start_on AS admitted_on,
               end_on AS discharged_on, department, coalesce(w.way, '9') AS discharge_way, coalesce(dx, reasons) AS dx,
               coalesce(procedures, []) AS procedures, years_between(p.birth_date, start_on) AS age_years,
               CASE WHEN years_between(p.birth_date, start_on) = 0 THEN start_on - p.birth_date END AS age_days,
               CASE WHEN p.sex IN ('male', 'female') THEN p.sex END AS sex
        FROM contact c LEFT JOIN diagnosed d ON d.encounter_id = id LEFT JOIN operated o ON o.encounter_id = id
        LEFT JOIN person p USING (resident_id) LEFT JOIN disposition_code w ON w.code = disposition
        WHERE inpatient AND end_on IS NOT NULL""",
    "condition": """
        SELECT d.file, d.line, d.id AS condition_id, key_of(subject) AS resident_id, c.provider AS institution_id,
               key_of(encounter) AS encounter_id, day_of(coalesce(onsetDateTime, recordedDate)) AS day,
               code_of(code) AS code, name_of(code) AS name, clinicalStatus.coding[1].code AS status
        FROM condition d LEFT JOIN provided c ON c.id = key_of(encounter)
        WHERE coalesce(verificationStatus.coding[1].code, '') <> 'entered-in-error'""",
    "procedure": """
        SELECT p.file, p.line, p.id AS procedure_id, key_of(subject) AS resident_id, c.provider AS institution_id,
               key_of(encounter) AS encounter_id, day_of(coalesce(performedPeriod.start, performedDateTime)) AS day,
               code_of(code) AS code, name_of(code) AS name
        FROM procedure p LEFT JOIN provided c ON c.id = key_of(encounter)""",
    "prescription_line": """
        SELECT m.file, m.line AS source_line, coalesce(groupIdentifier.value, m.id) AS prescription_id,
               row_number() OVER (PARTITION BY coalesce(groupIdentifier.value, m.id) ORDER BY m.id) AS line,
               key_of(encounter) AS encounter_id, key_of(m.subject) AS resident_id, c.provider AS institution_id,
               coalesce(a.id, key_of(requester)) AS prescriber_id, day_of(authoredOn) AS day,
               code_of(drug_of(m)) AS drug_code, name_of(drug_of(m)) AS drug_name,
               dosageInstruction[1].doseAndRate[1].doseQuantity.value AS dose,
               dosageInstruction[1].doseAndRate[1].doseQuantity.unit AS dose_unit,
               name_of(dosageInstruction[1].route) AS route, frequency_of(dosageInstruction[1]) AS frequency,
               days_of(coalesce(dispenseRequest.expectedSupplyDuration,
                                dosageInstruction[1].timing."repeat".boundsDuration)) AS days,
               dispenseRequest.quantity.value AS quantity, coalesce(d.dx, []) AS dx
        FROM medicationrequest m LEFT JOIN provided c ON c.id = key_of(encounter)
        LEFT JOIN alias a ON a.value = key_of(requester)
        LEFT JOIN diagnosed d ON d.encounter_id = key_of(encounter)""",
    "immunization": """
        SELECT i.file, i.line, i.id AS immunization_id, key_of(patient) AS resident_id, c.provider AS institution_id,
               day_of(occurrenceDateTime) AS day, code_of(vaccineCode) AS vaccine_code,
               name_of(vaccineCode) AS vaccine_name, protocolApplied[1].doseNumberPositiveInt AS dose, lotNumber AS lot
        FROM immunization i LEFT JOIN provided c ON c.id = key_of(encounter)""",
    "allergy": """
        SELECT file, line, id AS allergy_id, key_of(patient) AS resident_id, day_of(recordedDate) AS day,
               code_of(code) AS substance_code, name_of(code) AS substance_name, category[1] AS category, criticality
        FROM allergyintolerance
        WHERE coalesce(verificationStatus.coding[1].code, '') <> 'entered-in-error'""",
    "measurement": """
        SELECT s.file, s.line, s.resident_id, m.measure AS code, instant_of(moment) AS "at",
               c.provider AS institution_id, round(s.value * u.factor + u.shift, 4) AS value, u.unit, 'clinic' AS source
        FROM sample s JOIN measure_code m ON m.loinc = s.loinc JOIN unit_code u ON u.measure = m.measure
             AND u.given = coalesce(s.unit, '') LEFT JOIN provided c ON c.id = s.encounter_id""",
}

SAMPLES = """
    CREATE TEMP TABLE sample AS
    WITH part AS (
        SELECT file, line, key_of(subject) AS resident_id, key_of(encounter) AS encounter_id,
               effectiveDateTime AS moment,
               unnest(list_concat([{'code': code, 'valueQuantity': valueQuantity}], coalesce(component, []))) AS piece
        FROM observation)
    SELECT file, line, resident_id, encounter_id, moment, piece.valueQuantity.value AS value,
           coalesce(piece.valueQuantity.code, piece.valueQuantity.unit) AS unit,
           list_filter(piece.code.coding, lambda c: c.system = 'http://loinc.org')[1].code AS loinc,
           name_of(piece.code) AS name
    FROM part WHERE piece.valueQuantity.value IS NOT NULL"""

HOMELESS: Mapping[str, str] = {
    "Encounter:尚未出院的住院": "SELECT count(*) FROM contact WHERE inpatient AND end_on IS NULL",
    "Practitioner:没有 PractitionerRole 说明在哪里任职": """
        SELECT count(*) FROM practitioner p ANTI JOIN (
            SELECT coalesce(a.id, key_of(practitioner)) AS id FROM practitionerrole
            LEFT JOIN alias a ON a.value = key_of(practitioner)) r USING (id)""",
    "Location:没有所属机构": "SELECT count(*) FROM location WHERE managingOrganization IS NULL",
    "Observation:不是数据字典里的体征,或单位不认识": """
        SELECT count(*) FROM sample s ANTI JOIN
            (SELECT loinc, given FROM measure_code JOIN unit_code USING (measure)) k
            ON k.loinc = s.loinc AND k.given = coalesce(s.unit, '')""",
    "Observation:没有数值": "SELECT count(*) FROM observation ANTI JOIN sample USING (file, line)",
}


SKIPPED = "已取消、作废或未发生的记录"
"""Resources whose status says that nothing happened: counted, and no facts."""

BROUGHT_AGAIN = "同一资源在后面的文件里又有,以后面的为准"
"""Resources (an organization, a practitioner) that every bundle of an export repeats: the last file's stands."""

ONLY_LAST_FILE = """
    DELETE FROM {kind} WHERE rowid IN (
        SELECT {kind}.rowid FROM {kind}
        JOIN (SELECT id, arg_max(file, rowid) AS last FROM {kind} GROUP BY id) USING (id) WHERE file <> last)"""


class Intake:
    """Checked resources kept typed until all have come, then turned into rows of fact tables.

    folder: where what memory does not hold waits, encrypted under a key of this process alone (DuckDB calls its own
    cipher unsafe for files that stay; these do not outlive the load); it is the caller's to remove.
    """

    def __init__(self, folder: Path) -> None:
        self._connection = duckdb.connect(config={"threads": 2, "memory_limit": MEMORY, "temp_directory": str(folder)})
        self._connection.execute("SET TimeZone = 'Asia/Shanghai'; SET enable_progress_bar = false")
        self._connection.execute("SET force_mbedtls_unsafe = true; SET temp_file_encryption = true")
        for name, table in code_tables().items():
            self._connection.register(name, table)
        for macro in MACROS:
            self._connection.execute(macro)
        self._connection.execute("CREATE TABLE kept (file VARCHAR, line BIGINT, body VARCHAR)")
        for kind in SHAPES:
            self._connection.execute(f"CREATE TABLE {kind.lower()} AS {_typed(kind, 'kept')} LIMIT 0")
        self._skipped = 0

    def take(self, good: pa.Table) -> None:
        """Keep resources: (file, line, kind, status, body), checked."""
        self._connection.register("good", good)
        self._connection.execute("INSERT INTO kept SELECT file, line, body FROM good")
        for kind in good["kind"].unique().to_pylist():
            skipped = pa.array(sorted(SHAPES[kind].skip), pa.string())
            of_kind = good.filter(pc.equal(good["kind"], kind))
            happened = of_kind.filter(pc.invert(pc.is_in(of_kind["status"], value_set=skipped)))
            self._skipped += len(of_kind) - len(happened)
            self._connection.register("happened", happened)
            self._connection.execute(f"INSERT INTO {kind.lower()} {_typed(kind, 'happened')}")
        self._connection.unregister("good")

    def finish(self) -> dict[str, int]:
        """Derive what rows need from resources around them; returns what has no home: name → count."""
        again = sum(self._one(ONLY_LAST_FILE.format(kind=kind.lower())) for kind in SHAPES)
        for step in (ALIASES, PEOPLE, ENCOUNTERS, PROVIDERS, DIAGNOSES, OPERATIONS, SAMPLES):
            self._connection.execute(step)
        counts = {
            SKIPPED: self._skipped,
            BROUGHT_AGAIN: again,
            **{name: self._one(query) for name, query in HOMELESS.items()},
        }
        return {name: count for name, count in counts.items() if count}

    def tables(self) -> list[tuple[str, str]]:
        """The (fact table, file) pairs that have rows, in the files' order."""
        found = []
        for name, query in FACTS.items():
            files = self._connection.sql(f"SELECT DISTINCT file FROM ({query}) ORDER BY file").fetchall()
            found += [(name, file) for (file,) in files]
        return found

    def rows(self, name: str, *, file: str) -> Iterator[pa.RecordBatch]:
        """Rows of a fact table that come from one file: `source_line` of the resource, the table's columns."""
        query = FACTS[name]
        line = "source_line" if "source_line" in query else "line"
        stream = self._connection.sql(
            f"""SELECT f.* RENAME ("{line}" AS source_line) FROM ({query}) f
                WHERE f.file = $file ORDER BY f."{line}" """,
            params={"file": file},
        )
        yield from stream.to_arrow_reader(BATCH)

    def bodies(self, file: str, lines: pa.Array) -> pa.Array:
        """The resources at these lines of a file, whole, as they stood; may be asked while rows are being read."""
        asked = pa.table({"place": range(len(lines)), "line": lines})
        with self._connection.cursor() as cursor:
            cursor.register("asked", asked)
            found = cursor.execute(
                """SELECT trim(body, $blank) AS body FROM asked JOIN kept USING (line)
                   WHERE file = $file ORDER BY place""",
                {"file": file, "blank": BLANK},
            ).fetchall()
        return pa.array([body for (body,) in found], pa.string())

    def close(self) -> None:
        self._connection.close()

    def _one(self, query: str) -> int:
        return int(self._connection.execute(query).fetchall()[0][0])


def _typed(kind: str, resources: str) -> str:
    structure = orjson.dumps(SHAPES[kind].structure).decode()
    return f"""SELECT file, line, unnest(element) FROM (
                   SELECT file, line, json_transform(body, '{structure}') AS element
                   FROM {resources})"""
