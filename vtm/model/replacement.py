"""A value in a file that is to be another one."""

from typing import NamedTuple

from vtm.model.finding import Pointer


class Replacement(NamedTuple):
    """A value that is to be another one.

    Attributes:
        pointer: Where it is.
        before: As it is written; None also where there is none.
        after: As it is to be.
    """

    pointer: Pointer
    before: object
    after: object
