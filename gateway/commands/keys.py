"""gateway keys: the key folder."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.keys import NAMES, KeysMistake, new_keys, read_keys, rotate

app = typer.Typer(no_args_is_help=True, help="The key folder: make it, rotate a key, check it.")
Folder = Annotated[Path, typer.Argument(help="The key folder")]


def _fail(error: KeysMistake) -> typer.Exit:
    typer.secho(str(error), fg="red", err=True)
    return typer.Exit(1)


@app.command("new")
def new(folder: Folder) -> None:
    """Makes a key folder. Back up `pseudonyms` first: without it the audit cannot say who looked at a child.

    gateway keys new /etc/gateway/keys
    """
    try:
        new_keys(folder)
    except KeysMistake as error:
        raise _fail(error) from error
    typer.echo(f"{len(NAMES)} keys made. Back up pseudonyms before anything else.")


@app.command("rotate")
def rotated(folder: Folder, name: Annotated[str, typer.Argument(help="Which key")]) -> None:
    """Adds a version of one key; it writes from the next start, and older versions still read."""
    if name not in NAMES:
        typer.secho(f"There is no key {name}; there are {', '.join(NAMES)}.", fg="red", err=True)
        raise typer.Exit(2)
    try:
        typer.echo(f"{name} is now at version {rotate(folder, name)}.")
    except KeysMistake as error:
        raise _fail(error) from error


@app.command("check")
def check(folder: Folder) -> None:
    """Says whether the key folder is complete."""
    try:
        keys = read_keys(folder)
    except KeysMistake as error:
        raise _fail(error) from error
    for name in NAMES:
        typer.echo(f"{name:12} version {getattr(keys, name).newest}")
