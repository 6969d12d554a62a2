"""gateway docs: the documents that are made from code and data, written or checked."""

from pathlib import Path
from typing import Annotated

import typer


def docs(
    check: Annotated[bool, typer.Option("--check", help="Only say which are no longer true")] = False,
    folder: Annotated[Path, typer.Option(help="The product's source tree")] = Path(),
) -> None:
    """Writes the README's tables, the pages of systems, the CapabilityStatement and the list of functions.

    Status 1 and a line for each document that no longer says what is, with --check. For example:

        gateway docs --check
    """
    if not (folder / "README.md").exists():
        typer.secho("There is no README.md here: run it in the product's source tree.", fg="red", err=True)
        raise typer.Exit(2)
    from gateway.documents import stale, write

    changed = stale(folder) if check else write(folder)
    for path in changed:
        typer.echo(f"{path} {'no longer says what is: run gateway docs' if check else 'written'}")
    if check and changed:
        raise typer.Exit(1)
    if not changed:
        typer.echo("Every generated document says what is.")
