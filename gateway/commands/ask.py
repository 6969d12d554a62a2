"""gateway ask: the whole child in a terminal, agencies appearing as they answer.

It is a client of the API like any other: a POST search for the child, then $everything as a stream.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import aiohttp
import typer

from gateway.commands.token import UnknownUser, issue
from gateway.demo.place import FOLDER, NoDemo, read_place
from gateway.identity.child import NHS_NUMBER

_PATIENCE = aiohttp.ClientTimeout(total=60)


class Refusal(Exception):
    """The gateway refused or failed; the message is what it said."""


def ask(  # noqa: PLR0913 each is an option
    nhs_number: Annotated[str, typer.Argument(help="The NHS number, or - to read it from standard input")],
    user: Annotated[str, typer.Option(help="A demo user, for example dr.sen")],
    purpose: Annotated[str, typer.Option(help="Why the record is needed, for example emergency-care")],
    scheduled: Annotated[bool, typer.Option("--scheduled", help="A planned contact")] = False,
    reason: Annotated[str, typer.Option(help="Why, in words, where a rule demands it")] = "",
    told: Annotated[str, typer.Option(help="Was the family told: yes, no, or why not")] = "",
    birth_date: Annotated[str, typer.Option(help="Where the identity source does not answer")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The Bundle instead of a page")] = False,
    url: Annotated[str, typer.Option(help="Another gateway than the demo's")] = "",
    folder: Annotated[Path, typer.Option("--dir", help="The demo's folder")] = FOLDER,
) -> None:
    """Shows the whole child: who answered, who did not, and what they may tell this person.

    For example:

        gateway ask 9990001375 --user dr.sen --purpose emergency-care

    Status 1 if it was refused or nothing could be asked; an incomplete answer is shown and says so.
    """
    number = (sys.stdin.readline() if nhs_number == "-" else nhs_number).strip()
    try:
        token = issue(folder, user, purpose, scheduled=scheduled, reason=reason, told=told)
        address = url or read_place(folder).url
        asyncio.run(_ask(address, token, number, birth_date, as_json, (user, purpose)))
    except (NoDemo, UnknownUser, Refusal) as error:
        typer.secho(str(error), fg="red", err=True)
        raise typer.Exit(1) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        typer.secho("The gateway does not answer. Is the demo running? Start it: gateway demo", err=True)
        raise typer.Exit(1) from error


async def _ask(address: str, token: str, number: str, born: str, as_json: bool, who: tuple[str, str]) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(headers=headers, timeout=_PATIENCE) as session:
        patient = await _find(session, address, number, born)
        query = {"birthdate": born} if born else {}
        place = f"{address}/fhir/Patient/{patient}/$everything"
        async with session.post(place, data=query, headers={"Accept": "text/event-stream"}) as answer:
            if answer.status != 200:
                raise Refusal(_words(await answer.json(content_type=None)))
            async for name, data in _events(answer):
                if name == "source" and not as_json:
                    _tell(data)
                elif name == "error":
                    raise Refusal(_words(data))
                elif name == "bundle":
                    _show(data, patient, as_json, who)


async def _find(session: aiohttp.ClientSession, address: str, number: str, born: str) -> str:
    form = {"identifier": f"{NHS_NUMBER}|{number}", **({"birthdate": born} if born else {})}
    async with session.post(f"{address}/fhir/Patient/_search", data=form) as answer:
        body = await answer.json(content_type=None)
        if answer.status != 200:
            raise Refusal(_words(body))
    return str(body["entry"][0]["resource"]["id"])


def _words(body: dict[str, Any]) -> str:
    """What an OperationOutcome says to a person."""
    issue_ = body.get("issue", [{}])[0]
    said = [issue_.get("details", {}).get("text", "Refused."), issue_.get("diagnostics", "")]
    return " ".join(part for part in said if part)


async def _events(answer: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """The server-sent events of a stream."""
    buffer = b""
    async for chunk in answer.content.iter_any():
        buffer += chunk
        while b"\n\n" in buffer:
            event, _, buffer = buffer.partition(b"\n\n")
            name, _, data = event.partition(b"\n")
            yield name.decode().removeprefix("event: "), json.loads(data.removeprefix(b"data: "))


def _tell(line: dict[str, Any]) -> None:
    """One agency, as it answers; on standard error, so that the page itself can be piped."""
    from gateway.viewer.text import clean_lines

    mark = "." if line["pending"] else "*"
    said = clean_lines([f"{mark} {line['name']}: {line['text']}"])
    typer.secho(said, dim=line["pending"], err=True)


def _show(bundle: dict[str, Any], patient: str, as_json: bool, who: tuple[str, str]) -> None:
    if as_json:
        json.dump(bundle, sys.stdout, indent=2, ensure_ascii=False)
        typer.echo()
        return
    from gateway.demo.users import claims
    from gateway.fhir.received import base_of, view_of
    from gateway.viewer.model import page
    from gateway.viewer.page import Person, Place
    from gateway.viewer.text import render

    said = claims(*who)
    person = Person(str(said["name"]), str(said["job"]), str(said["org_name"]), who[1])
    view = view_of(bundle, patient)
    place = Place(base_of(bundle), str(bundle["link"][0]["url"]))
    typer.echo(render(page(view, person, view.asked_at, place)))
