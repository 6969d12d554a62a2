"""The page as plain text for a terminal: the same words under the same rules, in the same order.

https://no-color.org ; nothing from a source reaches a terminal except through `clean`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from gateway.viewer.page import Page
from gateway.viewer.parts import Alert, Item, Note, Topic, Words, Worker
from gateway.viewer.strip import Said
from gateway.viewer.words import clean, sentences

WIDTH = 96
_SIGNS = {
    "ok": "+",
    "held-back": "#",
    "stale": "~",
    "unknown": "?",
    "asking": ".",
    "paused": "?",
    "off": "-",
}


def render(page: Page, width: int = WIDTH) -> str:
    """The whole page."""
    blocks = (
        _banner(page),
        _status(page),
        _alerts(page),
        _voice(page),
        _involved(page),
        _timeline(page),
        *(_topic(topic) for topic in (page.plans, page.legal, page.health, *page.topics)),
        _family(page),
        _held_back(page),
        [page.made],
    )
    lines = (line for block in blocks for line in (*_wrapped(block, width), ""))
    return clean_lines(lines)


def arrived(said: Said) -> str:
    """One line as one source answers, or does not."""
    phone = f" Phone {said.phone}." if said.phone else ""
    return clean_lines([f"{_SIGNS[said.look]} {said.name}: {said.text}{phone}"])


def newly(before: Page | None, after: Page) -> tuple[Said, ...]:
    """The sources that were still asked before, and are not now."""
    old = dict(before.sources) if before else {}
    names = [source for source, state in after.sources if state != "pending"]
    fresh = {source for source in names if old.get(source, "pending") == "pending"}
    pairs = zip(after.sources, after.status.said, strict=True)
    return tuple(said for (source, _), said in pairs if source in fresh)


def clean_lines(lines: Iterable[str]) -> str:
    """Lines with every control character of a source made visible, and line ends our own."""
    return "\n".join(clean(line.replace("\n", " ").replace("\t", " ")) for line in lines)


# what must be found and read in one piece: numbers, and the sentences that matter most
_WHOLE = re.compile(r"0\d{4} \d{6}|\d{3} \d{3} \d{4}|[Nn]othing is known either way|did not answer|no answer")
_KEPT = "\u00a0"


def _wrapped(lines: Iterable[str], width: int) -> Iterator[str]:
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        text = _WHOLE.sub(lambda found: found[0].replace(" ", _KEPT), line.replace("\n", " "))
        for part in wrap(text, width, subsequent_indent=f"{indent}  ", break_on_hyphens=False) or [""]:
            yield part.replace(_KEPT, " ")


def _banner(page: Page) -> Iterator[str]:
    banner = page.banner
    yield "  ".join((banner.name, *(f"{fig.label} {fig.value}" for fig in banner.figures)))
    if banner.chips:
        yield " ".join(f"[{chip}]" for chip in banner.chips)
    if banner.more:
        yield "  ".join(f"{fig.label} {fig.value}" for fig in banner.more)
    yield from banner.warnings
    if banner.withheld:
        yield banner.withheld


def _status(page: Page) -> Iterator[str]:
    yield page.status.sentence
    for said in page.status.said:
        yield f"  {arrived(said)}"


def _alerts(page: Page) -> Iterator[str]:
    box = page.alerts
    yield f"{box.title.upper()}{f'  ({box.tag})' if box.tag else ''}"
    for alert in (*box.alerts, *box.more):
        yield from _alert(alert)
    if box.answered:
        yield f"  {box.answered}"
    if box.seen:
        yield "  Previously viewed by"
        yield from (f"    {seen.when}  {seen.who}" for seen in (*box.seen, *box.seen_more))
    for note in box.notes:
        yield from _note(note)


def _alert(alert: Alert) -> Iterator[str]:
    yield f"  ! {alert.title}. {' '.join(alert.lines)}"
    if alert.phones:
        second = f". {alert.phones.second_label} {alert.phones.second}" if alert.phones.second else ""
        yield f"    {alert.phones.first_label} {alert.phones.first}{second}"
    if alert.held_back:
        yield f"    {alert.held_back}"


def _note(note: Note) -> Iterator[str]:
    sign = {"unknown": "?", "asking": ".", "held-back": "#"}.get(note.kind, "-")
    parts = (f"{note.title}." if note.title else "", note.text, note.more)
    phone = f" {note.phone_label or 'Phone'} {note.phone}" if note.phone else ""
    yield f"  {sign} {' '.join(part for part in parts if part)}{phone}"


def _voice(page: Page) -> Iterator[str]:
    yield page.voice.title.upper()
    for one in page.voice.said:
        yield from _words(one, "“{}”")
    if page.voice.helps:
        yield "  What helps me"
        for one in page.voice.helps:
            yield from _words(one, "{}")
    for note in page.voice.notes:
        yield from _note(note)


def _words(one: Words, form: str) -> Iterator[str]:
    if one.text:
        yield f"  {form.format(one.text)}"
    yield f"    {', '.join(part for part in (one.mark.label, one.how, one.recorded, one.held_back) if part)}"


def _involved(page: Page) -> Iterator[str]:
    heading = f"  {page.workers_heading}" if page.workers_heading else ""
    yield f"WHO’S INVOLVED{heading}"
    for worker in page.workers:
        yield from _worker(worker)
    for note in page.worker_notes:
        yield from _note(note)


def _worker(worker: Worker) -> Iterator[str]:
    group = {"lead": " (lead)", "past": " (past)"}.get(worker.group, "")
    yield f"  {worker.name}{group}, {', '.join(part for part in (worker.job, worker.organisation) if part)}"
    numbers = [f"{fig.label} {fig.value}".strip() for fig in worker.phones]
    since = f"since {worker.since}" if worker.since else ""
    contact = f"last contact {worker.last_contact}" if worker.last_contact else ""
    facts = [part for part in (*numbers, worker.hours, worker.tag, since, contact) if part]
    if facts:
        yield f"    {', '.join(facts)}"


def _timeline(page: Page) -> Iterator[str]:
    yield "TIMELINE, newest first"
    for note in page.timeline.notes:
        yield from _note(note)
    for row in page.timeline.rows:
        if row.item is None:
            yield f"  | {row.text}"
        else:
            yield from _event(row.item)
    if not page.timeline.rows and not page.timeline.notes:
        yield "  No dated event has been shared by the agencies that answered."


def _event(item: Item) -> Iterator[str]:
    places = ", ".join(dict.fromkeys(mark.place for mark in item.marks))
    yield f"  {item.date:<11} {item.age:<7} {item.title}. {sentences(item.detail)} [{places}]"
    if item.held_back:
        yield f"    {item.held_back}"


def _topic(topic: Topic) -> Iterator[str]:
    yield topic.title.upper()
    if topic.tag:
        yield f"  {topic.tag}"
    for fig in topic.figures:
        yield f"  {fig.label}: {fig.value}"
    yield from _items(topic.items)
    for note in topic.notes:
        yield from _note(note)


def _items(items: Sequence[Item]) -> Iterator[str]:
    for item in items:
        places = ", ".join(f"{m.place}{f' as at {m.as_at}' if m.as_at else ''}" for m in item.marks)
        stale = " ".join(f"{mark.stale}." for mark in item.marks if mark.stale)
        said = sentences((item.title, *item.tags, *item.detail, item.when, item.held_back))
        yield f"  {said} [{places}] {stale}".rstrip()


def _family(page: Page) -> Iterator[str]:
    family = page.family
    yield "FAMILY"
    for fig in family.figures:
        yield f"  {fig.label}: {fig.value}"
    for one in family.relatives:
        responsible = ", parental responsibility" if one.responsibility else ""
        lives = f"lives with {page.banner.first_name}: {one.lives_with}"
        who = f"{one.name}: {one.relationship}{responsible}; {lives}"
        places = ", ".join(mark.place for mark in one.marks)
        yield f"  {who} [{places}] {one.held_back}".rstrip()
    for differ in family.differences:
        said = ". ".join(f"{who} {value}" for who, value in differ.values)
        yield f"  Sources differ. {differ.what}: {said}. Check with the family."
    yield from _items(family.items)
    for note in family.notes:
        yield from _note(note)


def _held_back(page: Page) -> Iterator[str]:
    yield "WHAT YOU CANNOT SEE, AND WHY"
    for one in page.held_back:
        contact = ", ".join(part for part in (one.contact.rstrip("."), one.phone) if part)
        yield f"  {_SIGNS[one.look]} {one.what}. {one.why} {contact}"
    if not page.held_back:
        yield "  Some information may be left out, for example about other people."
