"""Asks children's agencies at once and answers with one FHIR R4 view, keeping nothing about a child."""
