"""When every source that was asked has failed, the request fails; short of that, it is a partial answer.

https://hl7.org/fhir/R4/http.html#Status-Codes
"""

from gateway.errors import AllSourcesFailed, AllSourcesTimedOut
from gateway.federation.receipt import State
from gateway.federation.view import View

_NOT_IN_QUESTION = (State.NOT_ASKED, State.NOT_CONNECTED)
_NOTHING = "No agency answered. Nothing is known either way."


def check(view: View) -> None:
    """Raises AllSourcesFailed or AllSourcesTimedOut if no source gave anything."""
    states = [line.state for line in view.lines if line.state not in _NOT_IN_QUESTION]
    if not states or view.resources or any(state.answered for state in states):
        return
    if all(state is State.TIMED_OUT for state in states):
        raise AllSourcesTimedOut(_NOTHING)
    raise AllSourcesFailed(_NOTHING)
