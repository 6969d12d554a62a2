"""Pages as bytes: the child's page as one streamed document, and the pages around it.

https://jinja.palletsprojects.com/en/stable/templates/ ; every value is escaped, cleaned of controls first.
"""

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from gateway.viewer.assets import address
from gateway.viewer.page import Page
from gateway.viewer.words import clean, dial


def _finalize(value: object) -> object:
    """What an expression gives before it is escaped: nothing for a missing value, and no controls."""
    if value is None:
        return ""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("gateway.viewer"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["dial"] = dial
    made.filters["asset"] = address
    return made


ENVIRONMENT = _environment()


def template(name: str, **values: object) -> bytes:
    """A template filled in."""
    return ENVIRONMENT.get_template(name).render(**values).encode("utf-8", "replace")


def render_first(page: Page) -> bytes:
    """The whole readable document as it stands now, all but its end; later states may follow it."""
    return _child("child.html", page)


def render_arrival(page: Page, number: int) -> bytes:
    """A later state of the page, inert until a reader asks for it."""
    return _child("arrival.html", page, number=number)


def render_end(page: Page, arrivals: int = 0) -> bytes:
    """The end of the document; without scripts, a link to the finished page if answers came later."""
    return _child("end.html", page, arrivals=arrivals)


def render_whole(page: Page) -> bytes:
    """The finished page in one piece."""
    return render_first(page) + render_end(page)


def _child(name: str, page: Page, **values: object) -> bytes:
    service, person = page.place.service, page.person
    return template(name, page=page, service=service, person=person, purpose=page.purpose, **values)
