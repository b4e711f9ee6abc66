"""The outside world's shapes (files, FHIR, …) to and from the county's facts."""
