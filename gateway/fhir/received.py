"""A searchset read back into a view, by a client of our own API: the terminal shows what the API says.

The other way round is gateway/fhir/receipt.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from gateway.federation.receipt import Line, Notice, State, Telephone
from gateway.federation.view import View

Json = Mapping[str, Any]


def view_of(bundle: Json, patient_id: str) -> View:
    """The view that a $everything Bundle holds; raises ValueError if it has no receipt."""
    entries = bundle.get("entry", [])
    resources = [e["resource"] for e in entries if e.get("search", {}).get("mode") != "outcome"]
    outcome = next((e["resource"] for e in entries if e.get("search", {}).get("mode") == "outcome"), None)
    if outcome is None:
        raise ValueError("the answer has no receipt")
    about = _parts(outcome)
    found = [r for r in resources if r["resourceType"] == "Patient" and r["id"] == patient_id]
    patient: Json = found[0] if found else {}
    issues = [i for i in outcome["issue"] if _named(i, "source-answer")]
    return View(
        patient=patient,
        resources=tuple(r for r in resources if r is not patient),
        lines=tuple(_line(issue) for issue in issues),
        notices=tuple(n for issue in issues for n in _notices(issue)),
        asked_at=datetime.fromisoformat(about["asked-at"]),
        finished=True,
        policy_version=about.get("policy-version", ""),
        location_withheld=about.get("location-withheld", ""),
        reference=about.get("request", ""),
    )


def base_of(bundle: Json) -> str:
    """The canonical base of the gateway that sent the Bundle, as its receipt's code system has it."""
    for entry in bundle.get("entry", []):
        for issue in entry["resource"].get("issue", []):
            for coding in issue.get("details", {}).get("coding", []):
                return str(coding["system"]).removesuffix("/CodeSystem/source-state")
    raise ValueError("the answer has no receipt")


def _named(holder: Json, name: str) -> list[Json]:
    found: Sequence[Json] = holder.get("extension", ())
    return [e for e in found if e.get("url", "").rpartition("/")[2] == name]


def _values(holder: Json) -> Iterator[tuple[str, Any]]:
    for extension in holder.get("extension", ()):
        for name, value in extension.items():
            if name.startswith("value"):
                yield extension["url"].rpartition("/")[2], value


def _parts(holder: Json) -> dict[str, Any]:
    return dict(_values(holder))


def _line(issue: Json) -> Line:
    answer = _named(issue, "source-answer")[0]
    said = _parts(answer)
    sections = frozenset(value for name, value in _values(answer) if name == "section")
    return Line(
        source=said["source"].rpartition("/")[2],
        name=said["name"],
        agency=said["agency"],
        agency_name=said["agency-name"],
        state=State(issue["details"]["coding"][0]["code"]),
        text=said["sentence"],
        items=said.get("items", 0),
        seconds=said["milliseconds"] / 1000 if "milliseconds" in said else None,
        as_at=_when(said.get("as-at")),
        since=_when(said.get("since")),
        reference=said.get("error", ""),
        telephone=Telephone(said.get("telephone", ""), said.get("telephone-out-of-hours", "")),
        sections=sections,
        counted=said["agency"] != "identity",
    )


def _when(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _notices(issue: Json) -> list[Notice]:
    source = _parts(_named(issue, "source-answer")[0])["source"].rpartition("/")[2]
    notices = []
    for held in _named(issue, "held-back"):
        said = _parts(held)
        rules = tuple(value for name, value in _values(held) if name == "rule")
        notices.append(Notice(said["what"], said.get("why", ""), said.get("contact", ""), source, rules))
    return notices
