"""The demo's users, as the claims of an access token that says who asks and for what.

Claims are those that auth/tokens.py reads; the issuer adds iss, aud, exp, iat, jti and scope:
https://www.rfc-editor.org/rfc/rfc9068
"""

from functools import cache

from gateway.demo.region import organisations, staff
from gateway.demo.world import Organisation, Staff

Claims = dict[str, str | bool | list[str]]


class UnknownUser(Exception):
    """Nobody of this name uses the demo; the message lists who does."""


def users() -> tuple[Staff, ...]:
    """Everybody who uses the demo, in the order in which they are listed."""
    return tuple(_everybody().values())


def organisation_of(user: Staff) -> Organisation:
    """Where a demo user works."""
    return _organisations()[user.organisation]


def claims(
    user: str,
    purpose: str,
    *,
    scheduled: bool = False,
    reason: str = "",
    told: str = "",
    break_glass: str = "",
) -> Claims:
    """What a token says about this user and this purpose; raises UnknownUser.

    Whether the role may claim the purpose is the policy's to say, not the token's.
    """
    if user not in _everybody():
        raise UnknownUser(f"there is no demo user {user}; there are {', '.join(_everybody())}")
    member = _everybody()[user]
    said = {"reason": reason, "told_family": told, "break_glass": break_glass, "source": member.source}
    return {
        "sub": member.user,
        "name": member.name,
        "role": member.role,
        "job": member.job,
        "org_system": organisation_of(member).system,
        "org": organisation_of(member).value,
        "org_name": organisation_of(member).name,
        "purpose_of_use": purpose,
        "person": member.person,
        "unscheduled": not scheduled,
        "local_ids": list(member.local_ids),
        **{name: value for name, value in said.items() if value},
    }


@cache
def _everybody() -> dict[str, Staff]:
    return staff()


@cache
def _organisations() -> dict[str, Organisation]:
    return organisations()
