"""Six made-up FHIR servers and an identity server that answer from ready bytes, in a process of their own.

What they cost does not count: only the gateway's CPU is measured. `python -m tests.benchmarks.agencies`
"""

import asyncio
import json
import sys
from functools import partial
from typing import Any

NUMBER = "9990001375"
SOURCES = 6
RECORDS = 50
NHS = "https://fhir.nhs.uk/Id/nhs-number"


def patient(identifier: str) -> dict[str, Any]:
    """The child as every server has them."""
    return {
        "resourceType": "Patient",
        "id": identifier,
        "identifier": [{"system": NHS, "value": NUMBER}],
        "name": [{"use": "usual", "family": "Oakley", "given": ["Maya"]}],
        "gender": "female",
        "birthDate": "2022-03-14",
        "address": [{"use": "home", "line": ["14 Elm Road"], "city": "Northtown", "postalCode": "NS1 4QE"}],
    }


def observation(source: int, number: int) -> dict[str, Any]:
    """One of the fifty records of a server; about 850 bytes, as in the reference data."""
    return {
        "resourceType": "Observation",
        "id": f"o-{source}-{number}",
        "meta": {"versionId": "3", "lastUpdated": "2026-10-01T09:12:33.100+01:00"},
        "identifier": [
            {"system": f"https://hospital-{source}.example/observations", "value": f"{number:08d}"}
        ],
        "status": "final",
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                        "code": "vital-signs",
                        "display": "Vital Signs",
                    }
                ]
            }
        ],
        "code": {
            "coding": [{"system": "http://snomed.info/sct", "code": "27113001", "display": "Body weight"}],
            "text": "Body weight",
        },
        "subject": {"reference": f"Patient/p-{source}", "display": "OAKLEY, Maya"},
        "effectiveDateTime": f"2026-{1 + number % 10:02d}-{1 + number % 27:02d}T10:15:00+00:00",
        "issued": "2026-10-01T09:12:33.100+01:00",
        "performer": [{"reference": f"Practitioner/w-{number % 5}", "display": "K. Doyle"}],
        "valueQuantity": {
            "value": 10 + number / 10,
            "unit": "kg",
            "system": "http://unitsofmeasure.org",
            "code": "kg",
        },
    }


def bundle(resources: list[dict[str, Any]]) -> bytes:
    """A searchset of these resources."""
    entries = [{"resource": one, "search": {"mode": "match"}} for one in resources]
    whole = {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}
    return json.dumps(whole, separators=(",", ":")).encode()


def answers(source: int) -> dict[str, bytes]:
    """What a server answers, by the first part of the path; server 0 is the identity server."""
    return {
        "Patient": bundle([patient(f"p-{source}")]),
        "Observation": bundle([observation(source, number) for number in range(RECORDS)]),
        "Read": json.dumps(patient(NUMBER), separators=(",", ":")).encode(),
    }


class _Server(asyncio.Protocol):
    def __init__(self, ready: dict[str, bytes]) -> None:
        self._ready = ready
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        path = data.split(b" ", 2)[1].decode()
        name = "Read" if "/Patient/" in path else "Observation" if "Observation" in path else "Patient"
        self._transport.write(self._ready[name])


async def main() -> None:
    """Listens on loopback ports and prints them, then serves until its input ends."""
    loop = asyncio.get_running_loop()
    ports = []
    for source in range(SOURCES + 1):
        ready = {name: _response(body) for name, body in answers(source).items()}
        server = await loop.create_server(partial(_Server, ready), "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
    print(json.dumps(ports), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def _response(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


if __name__ == "__main__":
    asyncio.run(main())
