"""FHIR R4 in: NDJSON and bundles to the county's facts, columnar, with the strict models for what looks odd.

`reading` finds resources in files; `shapes` says what of each type is read; `checking` splits good from bad;
`mapping` turns good resources into rows of fact tables; `importing` does it for a set of files and loads them.
"""
