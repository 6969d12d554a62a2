"""gateway mapping: all mappings checked, one run on a file, and the table of what is shared."""

import json
from pathlib import Path
from typing import Annotated

import typer

from connectors.system import SystemMistake
from gateway.start import Reading, read_knowledge
from mappings import MappingMistakes
from mappings.run import run as run_records

app = typer.Typer(no_args_is_help=True, help="Mappings from agencies' records to FHIR resources.")
Own = Annotated[Path | None, typer.Option("--systems", help="A folder of your own systems and mappings")]


def _knowledge(folder: Path | None) -> Reading:
    try:
        return read_knowledge(folder)
    except MappingMistakes as mistakes:
        for mistake in mistakes.mistakes:
            typer.secho(str(mistake), fg="red", err=True)
        raise typer.Exit(1) from mistakes
    except SystemMistake as mistake:
        typer.secho(str(mistake), fg="red", err=True)
        raise typer.Exit(1) from mistake


@app.command()
def check(systems: Own = None) -> None:
    """Checks every path, function, element, type, cardinality and required code of all mappings.

    Status 1 and a line for each mistake, with the nearest known name.
    """
    knowledge = _knowledge(systems)
    typer.echo(f"{len(knowledge.mappings)} mappings of {len(knowledge.systems)} systems are in order.")


@app.command()
def run(
    system: Annotated[str, typer.Argument(help="A system, for example ssd")],
    kind: Annotated[str, typer.Argument(help="A kind of record of it, for example cp_plan")],
    file: Annotated[Path, typer.Argument(help="Records as JSON: a list, or one object")],
    systems: Own = None,
) -> None:
    """Maps the records of FILE and prints the resources, then what was left out and why.

    gateway mapping run ssd cp_plan mappings/ssd/examples/cp-plan.json
    """
    knowledge = _knowledge(systems)
    if system not in knowledge.systems or kind not in knowledge.systems[system].kinds:
        known = knowledge.systems[system].kinds if system in knowledge.systems else knowledge.systems
        typer.secho(f"There is no such system or kind; there are {', '.join(known)}.", fg="red", err=True)
        raise typer.Exit(2)
    records = json.loads(file.read_text(encoding="utf-8"))
    described = knowledge.systems[system].kinds[kind]
    chosen = [m for m in knowledge.mappings if m.system == system and m.kind == kind]
    outcome = run_records(
        chosen, records if isinstance(records, list) else [records], described.fields, described.unmapped
    )
    typer.echo(json.dumps([m.resource for m in outcome.made], indent=2, default=str, ensure_ascii=False))
    for left in outcome.left:
        typer.secho(f"record {left.record}, {left.mapping}: {left.field}: {left.reason}", err=True)
    for field, reason in outcome.unread.items():
        typer.secho(f"not mapped: {field}: {reason}", dim=True, err=True)


@app.command()
def table(
    system: Annotated[str, typer.Argument(help="Only this system")] = "",
    systems: Own = None,
) -> None:
    """Prints what each system shares: field, what it becomes, and how."""
    for mapping in _knowledge(systems).mappings:
        if system in ("", mapping.system):
            for row in mapping.rows:
                typer.echo(f"{mapping.name:36} {row.field:44} {row.element:44} {row.expression}")
