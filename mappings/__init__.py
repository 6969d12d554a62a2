"""From an agency's record to FHIR resources, declared as data."""
