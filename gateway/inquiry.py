"""One permitted request under way: every source asked at once, views drawn of what has come, then released.

Nothing leaves before `release` has put it into the audit chain, and nothing about a child stays behind.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from functools import cached_property

from auth.decision import Decision, Item, Outcome, Ruling
from auth.policy.items import rule_on
from auth.principal import Principal
from gateway.audit.recording import Recorder
from gateway.federation.answer import Answer
from gateway.federation.ask import Question, ask
from gateway.federation.connected import Connected
from gateway.federation.filter import Shown, show
from gateway.federation.location import whereabouts
from gateway.federation.view import View
from gateway.federation.viewing import Sight, draw
from gateway.identity.gate import Gate
from gateway.identity.whiteboard import CARRIED, Whiteboard
from gateway.request import Request
from gateway.runtime import Runtime


class Inquiry:
    """One permitted request under way: answers arrive, views are drawn of them, and released."""

    def __init__(  # noqa: PLR0913 what a request has come to know of itself
        self,
        runtime: Runtime,
        principal: Principal,
        request: Request,
        gate: Gate,
        decision: Decision,
        recorder: Recorder,
        question: Question,
    ) -> None:
        self.runtime, self.principal, self.request = runtime, principal, request
        self.gate, self.decision, self._recorder = gate, decision, recorder
        self.asked_at = runtime.clock()
        self.answers: dict[str, Answer] = {}
        self._shown: Mapping[str, Shown] = {}
        self._question = self._widened(question)
        if gate.identity is not None:
            self.answers[gate.identity.source] = gate.identity

    def _widened(self, question: Question) -> Question:
        """The question that all sources are asked: about the child as the identity source knows them."""
        suppliers = [c.id for c in self._to_ask if c.supplies & CARRIED]
        number = self.gate.child.nhs_number
        return replace(
            question,
            child=self.gate.child,
            subject=self.subject,
            board=Whiteboard({"nhs-number": number}, suppliers),
        )

    @cached_property
    def subject(self) -> str:
        """The id of the child's Patient."""
        number = self.gate.child.nhs_number
        return self.runtime.ids.make(self.runtime.identity_source, "Patient", number, number)

    @cached_property
    def _to_ask(self) -> list[Connected]:
        """The sources that the rules let us ask, apart from the identity source, which has answered."""
        asked = self.gate.identity.source if self.gate.identity else ""
        return [
            c
            for c in self.runtime.connected
            if c.id != asked
            and c.id not in self.runtime.paused
            and self.decision.ruling.outcome is Outcome.PERMIT
            and self._permitted(c.id)
            and (self.request.sources is None or c.id in self.request.sources)
        ]

    def _permitted(self, source: str) -> bool:
        ruling = self.decision.sources.get(source)
        return ruling is not None and ruling.outcome is Outcome.PERMIT

    async def arrivals(self) -> AsyncIterator[Answer]:
        """Asks every source at once and yields each answer as it comes; leaving early cancels the rest."""
        tasks = [asyncio.create_task(ask(c, self._question, self.runtime.translator)) for c in self._to_ask]
        whole = False
        try:
            for next_answer in asyncio.as_completed(tasks):
                answer = await next_answer
                self.answers[answer.source] = answer
                yield answer
            whole = True
        finally:
            for task in tasks:
                task.cancel()
            if not whole:
                self.left()

    async def complete(self) -> View:
        """Waits for every source, records what will be shown, and returns it."""
        async for _ in self.arrivals():
            pass
        return await self.release(self.view())

    def view(self) -> View:
        """What may be shown of the answers so far."""
        return draw(self._sight())

    def _sight(self) -> Sight:
        # looked up now: an agency that has just switched off withdraws what it has already answered
        paused = frozenset(c.id for c in self.runtime.connected if c.id in self.runtime.paused)
        answers = {source: a for source, a in self.answers.items() if source not in paused}
        where = whereabouts(self.gate.facts, self.runtime.connected, answers)
        shown = {source: show(answer.entries, self._ruling, where) for source, answer in answers.items()}
        self._shown = shown
        return Sight(
            sources=self.runtime.sources,
            connected=self.runtime.connected,
            rulings=self.decision.sources,
            answers=answers,
            shown=shown,
            child=self.gate.child,
            subject=self.subject,
            base=self.runtime.base,
            where=where,
            decision=self.decision,
            asked_at=self.asked_at,
            now=self.runtime.clock(),
            waiting=frozenset(c.id for c in self._to_ask) - self.answers.keys(),
            identity_source=self.runtime.identity_source,
            reference=self.request.request_id,
            scope=self.request.sources,
            paused=paused,
        )

    @cached_property
    def _ruling(self) -> Callable[[Item], Ruling]:
        """The ruling on an item, worked out once for all items that are alike."""
        known: dict[Item, Ruling] = {}
        runtime, facts = self.runtime, self.gate.facts

        def ruling(item: Item) -> Ruling:
            if item not in known:
                known[item] = rule_on(runtime.rules, self.principal, self.decision, facts, item)
            return known[item]

        return ruling

    async def noted(self) -> View:
        """The view so far, of which only the sources' lines may leave; its questions are in the audit."""
        view = self.view()
        await self._recorder.noted(view, self.answers, self.decision)
        return view

    def left(self) -> None:
        """The asker has gone: whoever was asked for them is in the audit, shown or not."""
        waiting = [c.id for c in self._to_ask if c.id not in self.answers]
        self._recorder.abandoned(self.answers, waiting, self.decision)

    async def release(self, view: View) -> View:
        """Writes what this view shows, and the questions behind it, into the audit; then it may leave."""
        return await self._recorder.release(view, self.answers, self.decision, self._shown)
