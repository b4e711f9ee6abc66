"""What is read of each FHIR R4 resource type: its structure for the columnar reader, and the codes it may carry.

A structure is DuckDB's JSON structure: the wanted elements with their types; what is not named is not read.
Source of codes: HL7 FHIR R4 (4.0.1) required bindings.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

_TEXT = "VARCHAR"
_CODING = {"system": _TEXT, "code": _TEXT, "display": _TEXT}
_CONCEPT = {"coding": [_CODING], "text": _TEXT}
_IDENTIFIER = {"system": _TEXT, "value": _TEXT}
_REFERENCE = {"reference": _TEXT, "identifier": _IDENTIFIER, "display": _TEXT}
_PERIOD = {"start": _TEXT, "end": _TEXT}
_QUANTITY = {"value": "DOUBLE", "unit": _TEXT, "code": _TEXT}


@dataclass(frozen=True)
class Shape:
    """structure: elements read; required: elements without which a row has no home; codes: element → allowed codes;
    days / moments: date and dateTime elements whose form is checked; skip: status codes that are not facts."""

    structure: Mapping[str, object]
    required: tuple[str, ...] = ("id",)
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    days: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    skip: frozenset[str] = frozenset()


def _codes(words: str) -> frozenset[str]:
    return frozenset(words.split())


SHAPES: Mapping[str, Shape] = {
    "Organization": Shape(
        {"id": _TEXT, "identifier": [_IDENTIFIER], "active": "BOOLEAN", "type": [_CONCEPT], "name": _TEXT,
         "partOf": _REFERENCE},
        required=("id", "name"),
    ),
    "Location": Shape(
        {"id": _TEXT, "identifier": [_IDENTIFIER], "status": _TEXT, "name": _TEXT,
         "position": {"longitude": "DOUBLE", "latitude": "DOUBLE"}, "managingOrganization": _REFERENCE},
        codes={"status": _codes("active suspended inactive")},
    ),
    "Practitioner": Shape(
        {"id": _TEXT, "identifier": [_IDENTIFIER], "active": "BOOLEAN"},
    ),
    "PractitionerRole": Shape(
        {"id": _TEXT, "practitioner": _REFERENCE, "organization": _REFERENCE, "code": [_CONCEPT],
         "specialty": [_CONCEPT], "period": _PERIOD},
        required=("id", "practitioner", "organization"),
    ),
    "Patient": Shape(
        {"id": _TEXT, "identifier": [_IDENTIFIER], "name": [{"text": _TEXT, "family": _TEXT, "given": [_TEXT]}],
         "telecom": [{"system": _TEXT, "value": _TEXT}], "gender": _TEXT, "birthDate": _TEXT,
         "deceasedDateTime": _TEXT, "meta": {"lastUpdated": _TEXT}},
        required=("id", "birthDate"),
        codes={"gender": _codes("male female other unknown")},
        days=("birthDate",), moments=("deceasedDateTime",),
    ),
    "Encounter": Shape(
        {"id": _TEXT, "status": _TEXT, "class": _CODING, "type": [_CONCEPT], "serviceType": _CONCEPT,
         "subject": _REFERENCE, "appointment": [_REFERENCE], "period": _PERIOD, "serviceProvider": _REFERENCE,
         "reasonCode": [_CONCEPT],
         "hospitalization": {"dischargeDisposition": _CONCEPT}},
        required=("id", "class", "subject", "period"),
        codes={"status": _codes("planned arrived triaged in-progress onleave finished cancelled entered-in-error "
                                "unknown")},
        skip=_codes("planned cancelled entered-in-error"),
    ),
    "Condition": Shape(
        {"id": _TEXT, "clinicalStatus": _CONCEPT, "verificationStatus": _CONCEPT, "code": _CONCEPT,
         "subject": _REFERENCE, "encounter": _REFERENCE, "onsetDateTime": _TEXT, "recordedDate": _TEXT},
        required=("id", "code", "subject"), moments=("onsetDateTime", "recordedDate"),
    ),
    "Procedure": Shape(
        {"id": _TEXT, "status": _TEXT, "code": _CONCEPT, "subject": _REFERENCE, "encounter": _REFERENCE,
         "performedDateTime": _TEXT, "performedPeriod": _PERIOD},
        required=("id", "code", "subject"), moments=("performedDateTime",),
        codes={"status": _codes("preparation in-progress not-done on-hold stopped completed entered-in-error unknown")},
        skip=_codes("preparation not-done entered-in-error"),
    ),
    "MedicationRequest": Shape(
        {"id": _TEXT, "status": _TEXT, "intent": _TEXT, "groupIdentifier": _IDENTIFIER,
         "medicationCodeableConcept": _CONCEPT, "medicationReference": _REFERENCE, "subject": _REFERENCE,
         "encounter": _REFERENCE, "authoredOn": _TEXT, "requester": _REFERENCE, "reasonReference": [_REFERENCE],
         "contained": [{"id": _TEXT, "code": _CONCEPT}],
         "dosageInstruction": [{"text": _TEXT, "route": _CONCEPT,
                                "timing": {"repeat": {"frequency": "DOUBLE", "period": "DOUBLE", "periodUnit": _TEXT,
                                                      "boundsDuration": _QUANTITY},
                                           "code": _CONCEPT},
                                "doseAndRate": [{"doseQuantity": _QUANTITY}]}],
         "dispenseRequest": {"quantity": _QUANTITY, "expectedSupplyDuration": _QUANTITY}},
        required=("id", "subject", "authoredOn"), moments=("authoredOn",),
        codes={"status": _codes("active on-hold cancelled completed entered-in-error stopped draft unknown"),
               "intent": _codes("proposal plan order original-order reflex-order filler-order instance-order option")},
        skip=_codes("cancelled entered-in-error draft"),
    ),
    "Immunization": Shape(
        {"id": _TEXT, "status": _TEXT, "vaccineCode": _CONCEPT, "patient": _REFERENCE, "encounter": _REFERENCE,
         "occurrenceDateTime": _TEXT, "lotNumber": _TEXT, "protocolApplied": [{"doseNumberPositiveInt": "BIGINT"}]},
        required=("id", "vaccineCode", "patient", "occurrenceDateTime"), moments=("occurrenceDateTime",),
        codes={"status": _codes("completed entered-in-error not-done")}, skip=_codes("entered-in-error not-done"),
    ),
    "Observation": Shape(
        {"id": _TEXT, "status": _TEXT, "code": _CONCEPT, "subject": _REFERENCE, "encounter": _REFERENCE,
         "effectiveDateTime": _TEXT, "valueQuantity": _QUANTITY,
         "component": [{"code": _CONCEPT, "valueQuantity": _QUANTITY}]},
        required=("id", "code", "subject"), moments=("effectiveDateTime",),
        codes={"status": _codes("registered preliminary final amended corrected cancelled entered-in-error unknown")},
        skip=_codes("registered cancelled entered-in-error"),
    ),
    "AllergyIntolerance": Shape(
        {"id": _TEXT, "verificationStatus": _CONCEPT, "category": [_TEXT], "criticality": _TEXT, "code": _CONCEPT,
         "patient": _REFERENCE, "recordedDate": _TEXT},
        required=("id", "code", "patient"), moments=("recordedDate",),
        codes={"criticality": _codes("low high unable-to-assess")},
    ),
}  # fmt: skip
