"""Pages as bytes: the child's page as one streamed document, and the pages around it.

https://jinja.palletsprojects.com/en/stable/templates/ ; every value is escaped, cleaned of controls first.
"""

import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from gateway.viewer.assets import address
from gateway.viewer.page import Page
from gateway.viewer.words import capital, clean, dial, sentences


def _finalize(value: object) -> object:
    """What an expression gives before it is escaped: nothing for a missing value, and no controls."""
    if value is None:
        return ""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


_UNBROKEN = re.compile(r"\d\d-[A-Z][a-z]{2}(?:-\d{4})?|\b0\d{4} \d{6}\b|\b\d{3} \d{3} \d{4}\b")


def _whole(text: str) -> Markup:
    """Escaped text in which no date, telephone or NHS number breaks over a line."""
    safe = str(escape(clean(text)))
    return Markup(_UNBROKEN.sub(lambda found: f'<span class="nb">{found[0]}</span>', safe))


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
    made.filters["whole"] = _whole
    made.filters["sentences"] = sentences
    made.filters["capital"] = capital
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


def render_broken(telephone: str, reference: str) -> bytes:
    """The end of a document that could not go on: it says so, and that nothing is known of the rest."""
    return template("broken.html", telephone=telephone, reference=reference)


def render_whole(page: Page) -> bytes:
    """The finished page in one piece."""
    return render_first(page) + render_end(page)


def _child(name: str, page: Page, **values: object) -> bytes:
    service, person = page.place.service, page.person
    return template(name, page=page, service=service, person=person, purpose=page.purpose, **values)
