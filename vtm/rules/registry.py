"""Rules by code; a rule's file is imported when it is asked for."""

from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from vtm.errors import WrongUsageError
from vtm.rules import checks
from vtm.rules.rule import Rule

FAMILIES = ("BLOCKED", "GAP", "WARN")


def module_name(code: str) -> str:
    """The file that judges `code`: `BLOCKED::EMPTY-AC` is in `blocked_empty_ac`."""
    return code.lower().replace("::", "_").replace("-", "_")


def load(code: str) -> Rule:
    """The rule with this code, without an id behind it."""
    found = import_module(f"{checks.__name__}.{module_name(code)}").check
    if not isinstance(found, Rule):
        raise TypeError(f"{code} is not declared with @rule")
    return found


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, by family and name."""
    found = [import_module(f"{checks.__name__}.{each.name}").check for each in iter_modules(checks.__path__)]
    return tuple(sorted(found, key=lambda rule: rule.code))


def matches(pattern: str, code: str) -> bool:
    """Whether `pattern` selects a finding's or rule's code: a family, a code, a name, or a code with an id."""
    return code == pattern or code.startswith(f"{pattern}::") or f"::{code}::".find(f"::{pattern}::") >= 0


def known(pattern: str) -> tuple[Rule, ...]:
    """The rules that `pattern` selects, whether or not it names a task.

    Raises:
        WrongUsageError: It selects none; the nearest codes are offered.
    """
    wanted = pattern.upper()
    found = tuple(
        rule for rule in rules() if matches(wanted, rule.code) or pattern.startswith(f"{rule.code}::")
    )
    if found:
        return found
    names = [rule.code for rule in rules()]
    near = get_close_matches(wanted, names + [name.partition("::")[2] for name in names], 3, 0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "`vtm rules` lists all codes"
    raise WrongUsageError(f"{pattern} is no code of vtm", code="UNKNOWN-CODE", fix=hint)
