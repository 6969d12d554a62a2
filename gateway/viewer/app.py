"""The viewer's HTTP: sign in, say why, find a child, and the child's page as one streamed answer.

It is a client of the same pipeline as the API, with the same tokens; it has no back door.
"""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.authenticate import Authenticator
from gateway.runtime import Runtime
from gateway.viewer.assets import asset
from gateway.viewer.child import ChildPages
from gateway.viewer.desk import Desk
from gateway.viewer.entrance import Entrance
from gateway.viewer.finding import Finding


def viewer_app(runtime: Runtime, authenticator: Authenticator) -> Starlette:
    """The application for everything that is not the API."""
    desk = Desk(runtime, authenticator)
    entrance, finding, child = Entrance(desk), Finding(desk), ChildPages(desk)
    return Starlette(
        routes=[
            Route("/", entrance.start),
            Route("/sign-in", entrance.sign_in, methods=["POST"]),
            Route("/lock", entrance.sign_out, methods=["POST"]),
            Route("/reason", entrance.reason, methods=["GET", "POST"]),
            Route("/find", finding.find, methods=["GET", "POST"]),
            Route("/child/{id}", child.page),
            Route("/help", entrance.help),
            Route("/static/{name}", static),
        ],
        exception_handlers={404: entrance.nothing, Exception: entrance.broken},
    )


async def static(request: Request) -> Response:
    """One of the viewer's own files, by name; no other file of the package."""
    found = asset(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    return Response(found.body, media_type=found.media_type)
