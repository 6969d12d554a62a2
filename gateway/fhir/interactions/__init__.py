"""One file for each interaction or operation, named as FHIR names it."""
