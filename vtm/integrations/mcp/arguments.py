"""What the tools take: each Struct is the schema that clients are shown and the check of what they send."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from vtm.errors import WrongUsageError
from vtm.model.naming import nearest

T = TypeVar("T", bound=Struct)
Name = Annotated[str, Meta(min_length=1)]
Said = Annotated[str, Meta(pattern=r"\S")]
"""Text that says something."""
Number = Annotated[int, Meta(ge=0)]
Span = Annotated[str, Meta(pattern="^[1-9][0-9]{0,5}[smhdw]$", description="Such as 30m")]
Worktree = Annotated[str, Meta(description="Folder of your git worktree, if not the server's")]


class Filtering(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which tasks are wanted; nothing: any."""

    phase: str = ""
    slice: str = ""
    risk: Literal["High", "Medium", "Low"] | UnsetType = UNSET


class Next(Filtering, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `vtm_next` takes."""

    startable: Annotated[bool, Meta(description="Skip tasks that a finding or gate holds back")] = False


class Claim(Filtering, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `vtm_claim` takes."""

    task: Annotated[str, Meta(description="Without: the first that can be started")] = ""
    ttl: Span | UnsetType = UNSET
    worktree: Worktree = ""
    agent: Annotated[str, Meta(description="Your name, where agents share this server")] = ""


class Show(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `vtm_show` takes."""

    task: Name


class Context(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `vtm_context` takes."""

    task: Name
    budget: Annotated[int, Meta(ge=1, description="Tokens at most")] | UnsetType = UNSET
    worktree: Worktree = ""


class Changing(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A change of a claimed task."""

    task: Name
    epoch: Annotated[int, Meta(ge=0, description="Of the claim, if made elsewhere")] | UnsetType = UNSET
    agent: Annotated[str, Meta(description="As claimed")] = ""


class Update(Changing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `vtm_update` takes."""

    action: Literal["met", "unmet", "note", "failed", "heartbeat", "release", "unblock"]
    criteria: Annotated[tuple[Name, ...], Meta(description="Of met, unmet")] = ()
    text: Annotated[str, Meta(description="Of note, failed")] = ""
    ttl: Span | UnsetType = UNSET


class Complete(Changing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `vtm_complete` takes."""

    tests_passed: Number | UnsetType = UNSET
    commit: Annotated[str, Meta(description="That was tested")] = ""
    covers: Annotated[dict[str, tuple[str, ...]], Meta(description="Criterion to paths of its tests")] = {}
    pr: Annotated[int, Meta(ge=1)] | UnsetType = UNSET
    worktree: Worktree = ""


class Block(Changing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `vtm_block` takes."""

    reason: Said
    tried: Said
    suggest: Annotated[str, Meta(pattern=r"\S", description="What might help")]
    create_resolver: Annotated[bool, Meta(description="Add a task for that, to wait for")] = False


def taken(name: str, kind: type[T], given: Mapping[str, Any]) -> T:
    """What a client sent to the tool or prompt `name`, checked; null is the same as nothing.

    Raises:
        WrongUsageError: It is not what is taken there.
    """
    sent = {key: value for key, value in given.items() if value is not None}
    try:
        return msgspec.convert(sent, kind, strict=False)
    except msgspec.ValidationError as error:
        fields = kind.__struct_fields__
        strange = [each for each in sent if each not in fields]
        near = nearest(strange[0], fields) if strange else []
        hint = f"did you mean {' or '.join(near)}? " if near else ""
        raise WrongUsageError(
            f"{name} cannot be called so: {error}", code="USAGE", fix=f"{hint}it takes {', '.join(fields)}"
        ) from None
