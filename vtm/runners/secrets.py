"""Which values of an environment are secret."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

_TELLING = re.compile(
    r"TOKEN|SECRET|PASSW(OR)?D|PASSPHRASE|CREDENTIAL|(API|ACCESS|PRIVATE|AUTH|SIGNING|ENCRYPTION|SSH)_?KEY"
    r"|CONNECTION_?STRING|(^|_)(KEY|PASS|PWD|PAT|DSN|COOKIE)$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"://[^/\s:@]*:([^/\s@]+)@")
"""An address that holds a password."""
_LEAST, _MOST = 8, 4096
"""Characters of a value that is masked: less is found everywhere by chance, and more is no secret."""


def secrets_of(environment: Mapping[str, str], globs: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Name and value of each secret: the whole value, how it is written in JSON, and each of its lines.

    A variable is secret by its name, which says so, or which one of `globs` fits; or because its value is an
    address with a password, which is secret by itself as well.
    """
    for name, value in environment.items():
        telling = _TELLING.search(name) and name not in {"PWD", "OLDPWD"}
        if telling or any(fnmatchcase(name, each) for each in globs):
            yield from ((name, form) for form in _forms(value))
        for address in _ADDRESS.finditer(value):
            yield from ((name, form) for form in _forms(value) | _forms(address[1]))


def _forms(value: str) -> set[str]:
    forms = {value, value.strip(), json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    forms |= {line.strip() for line in value.splitlines()}
    return {form for form in forms if _LEAST <= len(form) <= _MOST}
