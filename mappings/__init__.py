"""From an agency's record to FHIR resources, declared as data."""

from mappings.check import OURS, compile_all, compile_file
from mappings.mapping import Made, Mapping_
from mappings.mistakes import MappingMistakes, Mistake, Unmappable
from mappings.numbers import decimal_text
from mappings.references import Context

__all__ = [
    "OURS",
    "Context",
    "Made",
    "MappingMistakes",
    "Mapping_",
    "Mistake",
    "Unmappable",
    "compile_all",
    "compile_file",
    "decimal_text",
]
