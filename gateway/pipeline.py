"""One request, stage by stage: gate, decide, then every source at once (see gateway.inquiry).

The request is in the audit before any agency is asked, whatever becomes of it.
"""

import asyncio

from auth.decision import Outcome, Ruling, SourceFacts
from auth.policy.decide import NOTHING_FOR_THIS_NUMBER, before_identity, decide
from auth.principal import Principal
from gateway.audit.recording import Recorder, recorder
from gateway.errors import IdentityUnknown, NotFound, Refused
from gateway.federation.ask import Question
from gateway.federation.connected import Connected
from gateway.identity.child import Child, Demographics
from gateway.identity.gate import Gate, through
from gateway.identity.whiteboard import Whiteboard
from gateway.inquiry import Inquiry
from gateway.request import Request
from gateway.runtime import Runtime


async def open_inquiry(runtime: Runtime, principal: Principal, request: Request) -> Inquiry:
    """Through the gate and the decision; raises Refused, NotFound, IdentityUnknown or AuditUnavailable."""
    started = asyncio.get_running_loop().time()
    record = recorder(runtime, principal, request.request_id, request.interaction, request.nhs_number)
    await record.opened()
    ruling, needs = before_identity(runtime.rules, principal)
    if ruling.outcome is not Outcome.PERMIT:
        await _refuse(runtime, record, ruling, needs)
    question = _question(runtime, principal, request, started)
    today = runtime.clock().date()
    gate = await through(
        runtime.connected, runtime.translator, principal, question, today, runtime.settings.gate_seconds
    )
    if not gate.found:
        await _not_found(runtime, record, gate)
    facts = [_source_facts(c) for c in runtime.connected]
    decision = decide(runtime.rules, principal, gate.facts, facts, today)
    if decision.ruling.outcome not in (Outcome.PERMIT, Outcome.EXISTS_ONLY):
        await _refuse(runtime, record, decision.ruling, decision.needs)
    return Inquiry(runtime, principal, request, gate, decision, record, question)


def _question(runtime: Runtime, principal: Principal, request: Request, started: float) -> Question:
    number = request.nhs_number
    return Question(
        child=Child(number, Demographics(number, request.birth_date)),
        subject=runtime.ids.make(runtime.identity_source, "Patient", number, number),
        board=Whiteboard({"nhs-number": number}, ()),
        types=request.types,
        deadline=started + request.budget,
        own_source=principal.source,
        clock=runtime.clock,
        unscheduled=principal.unscheduled,
    )


async def _refuse(runtime: Runtime, record: Recorder, ruling: Ruling, needs: tuple[str, ...]) -> None:
    """Records the refusal, then refuses; a silent one as if nobody had the number."""
    await record.refused(ruling)
    if ruling.outcome is Outcome.SILENT:
        raise NotFound(NOTHING_FOR_THIS_NUMBER, runtime.settings.contact)
    raise Refused(ruling.text, ruling.contact or runtime.settings.contact, ruling.rules, needs)


async def _not_found(runtime: Runtime, record: Recorder, gate: Gate) -> None:
    await record.refused(Ruling(Outcome.DENY, ("P-07",), "No safe match."))
    if not gate.nobody:
        words = "The identity source did not answer. Give the birth date too, to check answers against."
        raise IdentityUnknown(words, runtime.settings.contact)
    raise NotFound(NOTHING_FOR_THIS_NUMBER, runtime.settings.contact)


def _source_facts(connected: Connected) -> SourceFacts:
    source = connected.source
    telephone = source.telephone.out_of_hours or source.telephone.office
    return SourceFacts(
        source.id, source.organization, source.agency, source.policies, telephone, connected.sections
    )
