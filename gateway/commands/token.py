"""gateway token: an access token for a made-up user of the running demo."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.demo.place import FOLDER, NoDemo, read_place


def token(  # noqa: PLR0913 each is a claim
    user: Annotated[str, typer.Option(help="A demo user, for example dr.sen")],
    purpose: Annotated[str, typer.Option(help="Why the record is needed, for example emergency-care")],
    scheduled: Annotated[bool, typer.Option("--scheduled", help="A planned contact")] = False,
    scope: Annotated[str, typer.Option(help="SMART scopes")] = "",
    reason: Annotated[str, typer.Option(help="Why, in words, where a rule demands it")] = "",
    told: Annotated[str, typer.Option(help="Was the family told: yes, no, or why not")] = "",
    break_glass: Annotated[str, typer.Option(help="A reason code for emergency access")] = "",
    folder: Annotated[Path, typer.Option("--dir", help="The demo's folder")] = FOLDER,
) -> None:
    """Prints an access token of the demo, valid for an hour.

    For example:

        gateway token --user j.patel --purpose s47-enquiry --reason "bruising seen at nursery" --told yes
    """
    try:
        typer.echo(
            issue(
                folder,
                user,
                purpose,
                scheduled=scheduled,
                scope=scope,
                reason=reason,
                told=told,
                break_glass=break_glass,
            )
        )
    except (NoDemo, UnknownUser) as error:
        typer.secho(str(error), fg="red", err=True)
        raise typer.Exit(1) from error


class UnknownUser(Exception):
    """The demo has no such user."""


def issue(  # noqa: PLR0913 each is a claim
    folder: Path,
    user: str,
    purpose: str,
    scheduled: bool = False,
    scope: str = "",
    reason: str = "",
    told: str = "",
    break_glass: str = "",
) -> str:
    """An access token of the demo in `folder`; raises NoDemo or UnknownUser."""
    from gateway.demo.issuer import Issuer
    from gateway.demo.users import UnknownUser as Unknown
    from gateway.demo.users import claims

    place = read_place(folder)
    try:
        said = claims(user, purpose, scheduled=scheduled, reason=reason, told=told, break_glass=break_glass)
    except Unknown as error:
        raise UnknownUser(str(error)) from error
    if scope:
        said = {**said, "scope": scope}
    return Issuer(folder, place.issuer, place.audience).token(said)
