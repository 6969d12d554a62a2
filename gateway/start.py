"""Starting: every file read and checked, every part made; a mistake anywhere stops it before it serves.

The order is that of trust: keys, rules, systems, mappings, sources, then the audit.
"""

import gc
import logging
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

import orjson
from joserfc.jwk import KeySet

from auth.policy.rules import Rules, RulesMistake, read_rules
from auth.policy.sharing import SharingMistake, read_sharing
from auth.tokens import Trust
from connectors.records import capabilities
from connectors.system import System, SystemMistake, read_systems
from gateway.audit.chain import Chain
from gateway.audit.checkpoint import Checkpoints, signer
from gateway.audit.pseudonym import Pseudonyms
from gateway.clock import Clock, real, starting_at
from gateway.federation.connected import Connected, connect_all
from gateway.federation.paused import Paused
from gateway.federation.translate import Translator
from gateway.fhir.cursor import Cursors
from gateway.fhir.sign import ReceiptSigner
from gateway.identity.ids import Ids
from gateway.keys import Keys, KeysMistake, read_keys
from gateway.model import read_model
from gateway.runtime import Runtime
from gateway.settings import Settings
from gateway.sources import Source, SourcesMistake, check_secrets, read_sources
from gateway.store.schema import upgrade
from mappings import OURS, Mapping_, MappingMistakes, compile_all

log = logging.getLogger(__name__)


class CannotStart(Exception):
    """Something that was configured is wrong; the message says what and where."""


_MISTAKES = (KeysMistake, RulesMistake, SharingMistake, SystemMistake, SourcesMistake, MappingMistakes)


@dataclass(frozen=True)
class Reading:
    """What the product knows how to read: systems and mappings, checked against each other."""

    systems: dict[str, System]
    mappings: tuple[Mapping_, ...]


def read_knowledge(folder: Path | None) -> Reading:
    """Our systems and mappings and a deployment's own; raises SystemMistake or MappingMistakes."""
    systems = read_systems()
    places: list[Traversable] = [OURS]
    if folder is not None:
        systems |= read_systems(folder / "systems")
        places.append(folder / "mappings")
    declared = {
        name: {kind: capability.fields for kind, capability in capabilities(system).items()}
        for name, system in systems.items()
    }
    return Reading(systems, compile_all(places, declared))


def start(settings: Settings) -> Runtime:
    """A running gateway's parts; raises CannotStart."""
    try:
        return _start(settings)
    except _MISTAKES as mistake:
        raise CannotStart(str(mistake)) from mistake
    except OSError as error:
        raise CannotStart(f"{error.filename}: {error.strerror}") from error


def _start(settings: Settings) -> Runtime:
    keys = read_keys(settings.keys)
    rules = read_rules(read_sharing(settings.sharing))
    sources = read_sources(settings.sources)
    check_secrets(sources)
    model = read_model()
    ids = Ids(keys.ids, [source.id for source in sources])
    clock = starting_at(settings.demo_start) if settings.demo_start else real
    runtime = Runtime(
        settings=settings,
        clock=clock,
        ids=ids,
        model=model,
        rules=rules,
        trust=_trust(settings),
        sources=sources,
        connected=_connected(settings, sources, keys),
        translator=Translator(ids, settings.canonical, model),
        chain=_chain(settings, keys),
        pseudonyms=Pseudonyms(keys.pseudonyms),
        receipts=ReceiptSigner(keys.receipts),
        cursors=Cursors(keys.cursors, settings.cursor_minutes),
        keys_for_sessions=keys.cursors,
        paused=Paused(settings.paused, frozenset(s.id for s in sources if s.paused)),
    )
    _warn(rules, sources, clock)
    # what exists now exists as long as the process: the collector need not look at it again
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    return runtime


def _connected(settings: Settings, sources: tuple[Source, ...], keys: Keys) -> tuple[Connected, ...]:
    reading = read_knowledge(settings.systems)
    connected = connect_all(sources, reading.systems, reading.mappings, read_model(), keys.ids.secret)
    for one in connected:
        one.breaker.failures_to_open = settings.breaker_failures
        one.breaker.open_seconds = settings.breaker_seconds
        one.breaker.concurrency = settings.source_concurrency
    return connected


def _trust(settings: Settings) -> Trust:
    try:
        keys = KeySet.import_key_set(orjson.loads(settings.issuer_keys.read_bytes()))
    except (ValueError, KeyError) as error:
        raise CannotStart(f"{settings.issuer_keys.name} is not a JWK Set") from error
    return Trust(settings.issuer, settings.audience, keys)


def _chain(settings: Settings, keys: Keys) -> Chain:
    upgrade(settings.database)
    beside = settings.database.with_suffix(".checkpoints")
    return Chain(settings.database, Checkpoints(beside, signer(keys.checkpoints)))


def _warn(rules: Rules, sources: tuple[Source, ...], clock: Clock) -> None:
    """Says which sources cannot share, so that nobody wonders why they are not asked."""
    today = clock().date()
    for source in sources:
        agreed = [rules.sharing[name] for name in source.policies if name in rules.sharing]
        in_force = any(policy.start <= today <= policy.end for policy in agreed)
        if source.connected and not in_force:
            log.warning("source %s has no sharing policy in force: it will not be asked", source.id)
