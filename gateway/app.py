"""The application: FHIR, viewer, health and metrics under one FastAPI app; it reads the settings.

https://fastapi.tiangolo.com/advanced/events/
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.responses import JSONResponse, PlainTextResponse

from gateway.authenticate import Authenticator
from gateway.federation.warming import warm
from gateway.fhir.server import fhir_app
from gateway.metrics import Metrics
from gateway.runtime import Runtime
from gateway.settings import Settings
from gateway.start import start
from gateway.viewer.app import viewer_app
from gateway.web import Hardened

# FastAPI's telemetry would record addresses and exceptions, which may name a child
_NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}


def application(runtime: Runtime) -> FastAPI:
    """The ASGI application of a started gateway."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        warming = asyncio.create_task(warm(runtime.connected))
        yield
        warming.cancel()
        for connected in runtime.connected:
            await connected.connector.close()
        runtime.chain.close()

    app = FastAPI(
        title="Whole-child gateway",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
        telemetry=_NO_TELEMETRY,
    )
    _operations(app, runtime)
    authenticator = Authenticator(runtime.trust)
    app.mount("/fhir", fhir_app(runtime, authenticator))
    app.mount("/", viewer_app(runtime, authenticator))
    app.add_middleware(Hardened)
    return app


def _operations(app: FastAPI, runtime: Runtime) -> None:
    """What those who run the gateway ask of it."""
    metrics = Metrics(runtime)

    @app.get("/health/live")
    async def live() -> PlainTextResponse:
        """The process answers."""
        return PlainTextResponse("live\n")

    @app.get("/health/ready")
    async def ready() -> PlainTextResponse:
        """The gateway has started and its audit can be written."""
        return PlainTextResponse("ready\n")

    @app.get("/metrics")
    async def read_metrics() -> PlainTextResponse:
        """Counts in Prometheus' text form; nothing about anybody."""
        return PlainTextResponse(metrics.text(), media_type="text/plain; version=0.0.4")

    @app.get("/oauth2/jwks")
    async def jwks() -> JSONResponse:
        """The public keys that tokens and receipts are signed with."""
        keys = [key.as_dict(private=False) for key in runtime.trust.keys.keys]
        return JSONResponse({"keys": [*keys, runtime.receipts.public]})


def app() -> FastAPI:
    """The application as configured by the environment; for uvicorn --factory."""
    return application(start(Settings()))  # type: ignore[call-arg]  # read from the environment
