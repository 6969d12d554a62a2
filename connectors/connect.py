"""A system and an endpoint become a connector.

CONTRIBUTING.md, "The connector contract".
"""

from importlib import import_module
from typing import Protocol

from connectors.base import Connector
from connectors.system import Endpoint, System, SystemMistake

# a transport's module is loaded when a source needs it: not every deployment has its drivers
_TRANSPORTS = {
    "sql": ("connectors.sql", "Sql"),
    "fhir": ("connectors.fhir", "Fhir"),
    "json_api": ("connectors.json_api", "JsonApi"),
    "soap": ("connectors.soap", "Soap"),
    "xml_drop": ("connectors.xml_drop", "XmlDrop"),
    "csv_drop": ("connectors.csv_drop", "CsvDrop"),
}


class Connected(Connector, Protocol):
    """A connector that is held for as long as the gateway runs, and closed with it."""

    async def close(self) -> None: ...


def connect(system: System, endpoint: Endpoint) -> Connected:
    """The connector of `system` for one source; raises SystemMistake for what can never work."""
    if system.transport not in _TRANSPORTS:
        known = ", ".join(_TRANSPORTS)
        raise SystemMistake(f"{system.id}.toml: transport is '{system.transport}'; one of {known}")
    module, name = _TRANSPORTS[system.transport]
    connected: Connected = getattr(import_module(module), name)(system, endpoint)
    return connected
