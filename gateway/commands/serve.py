"""gateway serve: the gateway alone, on a deployment's sources."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from gateway.runtime import Runtime


def serve(
    sources: Annotated[Path, typer.Option(help="The agencies to ask: a sources.toml")],
    host: Annotated[str, typer.Option(help="The address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on")] = 8000,
) -> None:
    """Serves the API and the viewer for the agencies in SOURCES.

    Everything else is set by GATEWAY_ variables or gateway.toml: keys, sharing policies, issuer.
    For example:

        GATEWAY_KEYS=/etc/gateway/keys gateway serve --sources /etc/gateway/sources.toml
    """
    os.environ["GATEWAY_SOURCES"] = str(sources)
    run(host, port)


def run(host: str, port: int, before: "Callable[[Runtime], object]" = lambda runtime: None) -> None:
    """Starts uvicorn on the configured application; a wrong setting ends with a sentence and status 1.

    `before` has the runtime to itself before anything is served.
    """
    import uvicorn
    from pydantic import ValidationError

    from gateway.app import application
    from gateway.settings import Settings
    from gateway.start import CannotStart, start

    try:
        runtime = start(Settings())  # type: ignore[call-arg]  # read from the environment
    except ValidationError as error:
        for mistake in error.errors():
            name = "_".join(str(part) for part in mistake["loc"])
            typer.secho(f"GATEWAY_{name.upper()}: {mistake['msg']}", fg="red", err=True)
        raise typer.Exit(1) from error
    except CannotStart as error:
        typer.secho(str(error), fg="red", err=True)
        raise typer.Exit(1) from error
    before(runtime)
    uvicorn.run(
        application(runtime),
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
        log_level="warning",
    )
