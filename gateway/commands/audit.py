"""gateway audit: the chain verified, exported, and asked who looked at a child."""

import sqlite3
import sys
from pathlib import Path
from typing import Annotated

import typer

from gateway.audit.checkpoint import CheckpointMistake, read, verifiers
from gateway.audit.pseudonym import Pseudonyms
from gateway.audit.verify import verify as verify_chain
from gateway.demo.place import FOLDER
from gateway.keys import KeysMistake, read_keys

app = typer.Typer(no_args_is_help=True, help="The audit chain: verify, export, who looked at a child.")
Database = Annotated[Path, typer.Option("--db", help="The database of control data")]
Keys = Annotated[Path, typer.Option("--keys", help="The key folder")]
_DB = FOLDER / "gateway.db"
_KEYS = FOLDER / "keys"


@app.command()
def verify(db: Database = _DB, keys: Keys = _KEYS) -> None:
    """Checks every row of the chain and every signed checkpoint; status 1 and the first bad number if not.

    gateway audit verify --db gateway.db --keys /etc/gateway/keys
    """
    file = db.with_suffix(".checkpoints")
    try:
        checkpoints = read(file, verifiers(read_keys(keys).checkpoints)) if file.exists() else {}
        verdict = verify_chain(db, checkpoints)
    except (CheckpointMistake, KeysMistake, sqlite3.Error, OSError) as error:
        typer.secho(f"cannot be verified: {error}", fg="red", err=True)
        raise typer.Exit(1) from error
    if not verdict.holds:
        typer.secho(f"broken at number {verdict.bad}: {verdict.why}", fg="red", err=True)
        raise typer.Exit(1)
    typer.echo(f"whole: {verdict.rows} events, {verdict.checkpoints} signed checkpoints")


@app.command()
def export(db: Database = _DB) -> None:
    """Writes every AuditEvent to standard output, a line each, in the order of the chain."""
    connection = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    for (body,) in connection.execute("SELECT body FROM audit ORDER BY seq"):
        sys.stdout.buffer.write(body + b"\n")


@app.command()
def who(
    nhs_number: Annotated[str, typer.Argument(help="An NHS number, or - to read it from standard input")],
    db: Database = _DB,
    keys: Keys = _KEYS,
) -> None:
    """Says who looked at a child, when and why, newest last."""
    number = (sys.stdin.readline() if nhs_number == "-" else nhs_number).strip().replace(" ", "")
    names = Pseudonyms(read_keys(keys).pseudonyms).all_of(number)
    marks = ",".join("?" * len(names))
    connection = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    query = (
        "SELECT recorded, actor, json_extract(body, '$.purposeOfEvent[0].coding[0].code'), "
        "json_extract(body, '$.outcome') FROM audit "
        f"WHERE child IN ({marks}) AND json_extract(body, '$.subtype[0].code') = 'view-manifest' ORDER BY seq"
    )
    for recorded, actor, purpose, outcome in connection.execute(query, names):
        whole = "complete" if outcome == "0" else "incomplete"
        typer.echo(f"{recorded}  {actor:12} {purpose:22} {whole}")
