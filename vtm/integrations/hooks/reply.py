"""Replies in the form that the clients of agents read."""

from msgspec import Struct

from vtm.rendering.plain import many_lines
from vtm.rendering.render import Terminal, as_json


class Said(Struct, frozen=True, rename="camel", omit_defaults=True):
    """What is said about one event.

    Attributes:
        hook_event_name: The event, as Claude Code and Codex call it.
        permission_decision: `deny` keeps the tool from being used; empty: nothing is decided.
        permission_decision_reason: What the agent is told of that.
        additional_context: What the agent reads beside the rest.
    """

    hook_event_name: str
    permission_decision: str = ""
    permission_decision_reason: str = ""
    additional_context: str = ""


class Reply(Struct, frozen=True, rename="camel", omit_defaults=True):
    """What a hook prints.

    Attributes:
        decision: `block`, of an agent that stops, lets it go on with `reason`.
        system_message: What the person at the client is shown.

    Source: the hooks references of Claude Code and Codex.
    """

    hook_specific_output: Said | None = None
    decision: str = ""
    reason: str = ""
    system_message: str = ""


def spoken(reply: Reply) -> str:
    """A reply as the JSON that it is printed as."""
    return as_json(reply, Terminal())


def told(event: str, text: str) -> Reply:
    """A reply that gives the agent something to read."""
    return Reply(Said(event, additional_context=many_lines(text)))


def warned(event: str, text: str) -> Reply:
    """A reply that agent and person are shown."""
    safe = many_lines(text)
    return Reply(Said(event, additional_context=safe), system_message=safe)


def refused(event: str, reason: str) -> Reply:
    """A reply that keeps a tool from being used."""
    return Reply(Said(event, permission_decision="deny", permission_decision_reason=many_lines(reason)))


def held_back(reason: str) -> Reply:
    """A reply that lets an agent go on that was about to stop."""
    return Reply(decision="block", reason=many_lines(reason))
