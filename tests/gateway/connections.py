"""Connected sources for tests that ask nothing: a real system and connector each, and an agency's kind."""

from connectors.connect import connect
from connectors.system import Endpoint, read_systems
from gateway.federation.connected import Connected
from gateway.sources import Source

_SYSTEM = read_systems()["pds"]


def source(name: str, agency: str = "hospital", system: str = "pds", refreshed: str = "live") -> Source:
    """A source of this name; without a system it is not connected."""
    return Source(
        id=name,
        name=f"The {name}",
        system=system,
        agency=agency,
        agency_name=f"Agency {name}",
        organization=("https://fhir.nhs.uk/Id/ods-organization-code", name.upper()),
        refreshed=refreshed,
    )


def connected(*named: tuple[str, str]) -> tuple[Connected, ...]:
    """Sources by name and kind of agency, none of which is ever asked."""
    return tuple(
        Connected(
            source=source(name, agency),
            system=_SYSTEM,
            connector=connect(_SYSTEM, Endpoint(name, "http://127.0.0.1:1/")),
            by_kind={},
            sections=frozenset(),
        )
        for name, agency in named
    )
