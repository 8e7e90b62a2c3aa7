"""The schemas that ship with vtm."""

from difflib import get_close_matches
from typing import Any

from vtm.discovery import schema_folder
from vtm.errors import WrongUsageError
from vtm.sources.decoder import parse

_ENDING = ".schema.json"


def schema_titles() -> dict[str, str]:
    """Names of all schemas, with their titles."""
    return {
        name: str(parse((schema_folder() / f"{name}{_ENDING}").read_bytes()).get("title", ""))
        for name in sorted(path.name.removesuffix(_ENDING) for path in schema_folder().glob(f"*{_ENDING}"))
    }


def schema_named(name: str) -> dict[str, Any]:
    """A schema, by its file's name or by what an answer says it follows: `next`, `vtm.next/1`.

    Raises:
        WrongUsageError: There is none; the nearest names are offered.
    """
    plain = name.removeprefix("vtm.").partition("/")[0].removesuffix(_ENDING)
    names = list(schema_titles())
    if plain not in names:
        near = get_close_matches(plain, names, 3, 0.4)
        hint = f"did you mean {' or '.join(near)}?" if near else "`vtm schema` lists them"
        raise WrongUsageError(f"there is no schema {name}", code="UNKNOWN-SCHEMA", fix=hint)
    schema: dict[str, Any] = parse((schema_folder() / f"{plain}{_ENDING}").read_bytes())
    return schema
