"""Recording one request: opened before anything is asked, and every view before it is released."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from auth.decision import Decision, Obligation, Ruling
from auth.principal import Principal
from gateway.audit import events
from gateway.audit.chain import Row
from gateway.errors import AuditUnavailable, Refused
from gateway.federation.answer import Answer
from gateway.federation.filter import Shown
from gateway.federation.view import View
from gateway.fhir.outcome import translate
from gateway.fhir.write import dumps
from gateway.runtime import Runtime

_TOLD = {
    Obligation.NOTIFY_LA_EDT: "responsible council, emergency duty team",
    Obligation.NOTIFY_PRIVACY_OFFICER: "privacy officer",
    Obligation.NOTIFY_CUSTODIAN: "custodian",
}


def recorder(
    runtime: Runtime, principal: Principal | None, request_id: str, interaction: str, nhs_number: str = ""
) -> "Recorder":
    """The recorder of one request."""
    pseudonyms = runtime.pseudonyms
    frame = events.Frame(
        base=runtime.base,
        request=request_id,
        interaction=interaction,
        principal=principal,
        child=pseudonyms.of(nhs_number) if nhs_number else "",
        policy_version=runtime.rules.version,
        sealed_reason=pseudonyms.seal(principal.reason) if principal else "",
    )
    return Recorder(runtime, frame)


async def failed(
    runtime: Runtime,
    principal: Principal,
    request_id: str,
    error: Exception,
    interaction: str = "search-type",
) -> None:
    """A request ended in an error; what the rules refused is recorded already. Raises AuditUnavailable."""
    if isinstance(error, Refused | AuditUnavailable):
        return
    translated = translate(error)
    outcome = events.MAJOR if translated.status == 500 else events.FAILED
    ended = recorder(runtime, principal, request_id, interaction)
    await ended.opened(outcome, f"{translated.status} {translated.code}")


class Recorder:
    """Writes the AuditEvents of one request; each method returns when they are on disk."""

    def __init__(self, runtime: Runtime, frame: events.Frame) -> None:
        self._runtime = runtime
        self._frame = frame
        self._recorded: set[str] = set()
        self._started = False

    async def opened(self, outcome: str = events.SUCCESS, why: str = "") -> None:
        """Somebody asked."""
        await self._write([events.request_event(self._frame, self._runtime.clock(), outcome, why)])

    async def refused(self, ruling: Ruling) -> None:
        """The request was refused, by these rules; those who must know of it are noted."""
        now = self._runtime.clock()
        decision = events.decision_event(self._frame, now, "", ruling)
        await self._write([decision, *self._obligations(ruling)])

    async def found(self, source: str, nhs_numbers: Sequence[str]) -> None:
        """A search by description was answered; each child that it found is named by pseudonym only."""
        now = self._runtime.clock()
        asked = events.Asked(source, "searched", ("name",), len(nhs_numbers), failed=False)
        new = [(self._frame, events.query_event(self._frame, now, asked))]
        for number in nhs_numbers:
            frame = replace(self._frame, child=self._runtime.pseudonyms.of(number))
            new.append((frame, events.manifest_event(frame, now, (), complete=True)))
        await self._runtime.chain.write([events.row(frame, event) for frame, event in new])

    async def release(
        self,
        view: View,
        answers: Mapping[str, Answer],
        decision: Decision,
        shown: Mapping[str, Shown],
    ) -> View:
        """The questions asked since the last release, and the manifest of what is shown now.

        Returns the view with each resource as the very bytes that the manifest vouches for.
        """
        new = self._questions(answers, decision, view)
        written = {r["id"]: dumps(r) for r in (view.patient, *view.resources)}
        manifest = self._manifest(view, shown, written)
        new.append(events.manifest_event(self._frame, self._runtime.clock(), manifest, view.complete))
        await self._write(new)
        self._known(answers)
        return replace(view, written=written)

    async def noted(self, view: View, answers: Mapping[str, Answer], decision: Decision) -> None:
        """The questions asked since the last time, before anybody is told that they were answered."""
        await self._write(self._questions(answers, decision, view))
        self._known(answers)

    def abandoned(self, answers: Mapping[str, Answer], waiting: Sequence[str], decision: Decision) -> None:
        """The asker has gone: what was asked for them and not recorded; `waiting` had not answered yet."""
        new = self._questions(answers, decision)
        now = self._runtime.clock()
        for source in waiting:
            if source not in self._recorded:
                asked = events.Asked(source, "abandoned", (), 0, failed=True)
                new.append(events.query_event(self._frame, now, asked))
        self._known([*answers, *waiting])
        if new:
            self._runtime.chain.leave([events.row(self._frame, event) for event in new])

    def _questions(
        self, answers: Mapping[str, Answer], decision: Decision, view: View | None = None
    ) -> list[events.Event]:
        """Decisions and questions that are not recorded yet; without a view nobody saw the answers."""
        now = self._runtime.clock()
        new = [] if self._started else [*self._decisions(decision), *self._obligations(decision.ruling)]
        states = {line.source: line.state.value for line in view.lines} if view else {}
        unseen = "" if view else "abandoned"
        for source, answer in answers.items():
            if source not in self._recorded:
                asked = _asked(answer, states.get(source, unseen))
                new.append(events.query_event(self._frame, now, asked))
        return new

    def _known(self, sources: Iterable[str]) -> None:
        self._started = True
        self._recorded |= set(sources)

    def _decisions(self, decision: Decision) -> list[events.Event]:
        now = self._runtime.clock()
        return [
            events.decision_event(self._frame, now, source, ruling)
            for source, ruling in decision.sources.items()
        ]

    def _obligations(self, ruling: Ruling) -> list[events.Event]:
        now = self._runtime.clock()
        told = sorted(ruling.obligations & _TOLD.keys())
        return [events.notice_event(self._frame, now, o.value, _TOLD[o]) for o in told]

    def _manifest(
        self, view: View, shown: Mapping[str, Shown], written: Mapping[str, bytes]
    ) -> list[tuple[str, str, tuple[str, ...]]]:
        rules = {i: r for one in shown.values() for i, r in one.rules.items()}
        fingerprint = self._runtime.pseudonyms.fingerprint
        return [
            (f"{r['resourceType']}/{r['id']}", fingerprint(written[r["id"]]), rules.get(r["id"], ()))
            for r in (view.patient, *view.resources)
        ]

    async def _write(self, written: list[events.Event]) -> None:
        rows: list[Row] = [events.row(self._frame, event) for event in written]
        await self._runtime.chain.write(rows)


def _asked(answer: Answer, state: str) -> events.Asked:
    return events.Asked(
        source=answer.source,
        state=state,
        asked_by=tuple(sorted(answer.asked_by)),
        items=len(answer.entries),
        failed=answer.failure is not None,
        foreign=answer.foreign,
        faulty=events.counted(answer.faulty),
    )
