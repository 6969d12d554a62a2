"""gateway demo: Northshire, its agency systems, the gateway and the viewer; and faults on command."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.demo.place import FOLDER

app = typer.Typer(invoke_without_command=True, help="Northshire: a made-up region with real formats.")
KINDS = "ok hang down slow error garbage truncate swap reject stale paused"
Folder = Annotated[Path, typer.Option("--dir", help="Where everything that the demo writes is kept")]


@app.callback()
def demo(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="Where the gateway and the viewer answer")] = 8000,
    children: Annotated[int, typer.Option(min=0, help="Made-up children beside the scenario ones")] = 0,
    seed: Annotated[int, typer.Option(help="The same seed makes the same children")] = 1,
    today: Annotated[str, typer.Option(help="The day on which the demo's clock starts")] = "2026-11-22",
    folder: Folder = FOLDER,
) -> None:
    """Starts Northshire and serves until Ctrl-C.

    For example, with a thousand made-up children on port 8080:

        gateway demo --children 1000 --port 8080
    """
    if context.invoked_subcommand is not None:
        return
    from gateway.commands.northshire import run_demo

    raise typer.Exit(run_demo(folder, port, children, seed, today))


@app.command()
def fault(
    source: Annotated[str, typer.Argument(help="An agency's source, for example northshire-police")],
    kind: Annotated[str, typer.Argument(help=KINDS)],
    seconds: Annotated[float | None, typer.Argument(help="Until it is ok again")] = None,
    folder: Folder = FOLDER,
) -> None:
    """Makes an agency of the running demo misbehave.

    For example, to see what a silent police system looks like, and then to mend it:

        gateway demo fault northshire-police hang
        gateway demo fault northshire-police ok
    """
    from gateway.demo.control import FaultRefused, NoDemo, turn_fault

    try:
        states = turn_fault(folder, source, kind, seconds)
    except (NoDemo, FaultRefused) as error:
        typer.secho(str(error), fg="red", err=True)
        raise typer.Exit(1) from error
    for name, state in states.items():
        typer.echo(f"{name:22} {state}")
