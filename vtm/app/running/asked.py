"""What is asked of a run, in words of the command line."""

from msgspec import Struct

from vtm.queries.planning import Mode


class AskedRun(Struct, frozen=True, omit_defaults=True):
    """What is asked of a run; None and empty: as the settings say.

    Attributes:
        places: At most so many tasks at once; `wave`: the same, launched together.
        until: Stop after so many completed tasks.
        merge: Whether what is completed is merged.
        runner: What starts agents; `agent`: what they are to be.
    """

    mode: Mode | None = None
    places: int | None = None
    wave: int | None = None
    slice: str = ""
    until: int | None = None
    merge: bool | None = None
    runner: str = ""
    agent: str = ""

    def over(self, earlier: "AskedRun") -> "AskedRun":
        """What an earlier run was asked for, as far as nothing else is asked for now."""
        mine, its = (
            {name: getattr(each, name) for name in self.__struct_fields__} for each in (self, earlier)
        )
        return AskedRun(
            **{name: mine[name] if mine[name] or mine[name] is False else its[name] for name in mine}
        )
