"""Which sessions were started by which."""

from collections.abc import Sequence

from vtm.model.session import Session


def started_by(session: Session, known: Sequence[Session]) -> list[Session]:
    """Those of `known` that `session` started, and that these started, and so on, each once and not itself.

    Data that is damaged may have sessions that started each other.
    """
    found = {session.id: session}
    fresh = [session.id]
    while fresh:
        children = [each for each in known if each.parent in fresh and each.id not in found]
        found |= {each.id: each for each in children}
        fresh = [each.id for each in children]
    return list(found.values())[1:]
