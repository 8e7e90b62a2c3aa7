"""Rules by code; a rule's file is imported when it is asked for."""

from functools import cache
from importlib import import_module

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
    from pkgutil import iter_modules  # noqa: PLC0415  1 ms; `vtm next` names the rules it wants

    found = [import_module(f"{checks.__name__}.{each.name}").check for each in iter_modules(checks.__path__)]
    return tuple(sorted(found, key=lambda rule: rule.code))


def canonical(pattern: str) -> str:
    """A code as rules write it, whatever letter case it is typed in; a task's id behind it stays as it is."""
    parts = pattern.split("::")
    names = 2 if parts[0].upper() in FAMILIES else 1
    return "::".join([part.upper() for part in parts[:names]] + parts[names:])


def matches(pattern: str, code: str) -> bool:
    """Whether a canonical `pattern` takes a code: a family, a code, a name, or one of these with an id."""
    whole = code if pattern.split("::", maxsplit=1)[0] in FAMILIES else code.partition("::")[2]
    return whole == pattern or whole.startswith(f"{pattern}::")


def known(pattern: str) -> tuple[Rule, ...]:
    """The rules that `pattern` takes, whether or not it names a task.

    Raises:
        WrongUsageError: It takes none; the nearest codes are offered.
    """
    wanted = canonical(pattern)
    found = tuple(rule for rule in rules() if concerns(wanted, rule))
    if found:
        return found
    from difflib import get_close_matches  # noqa: PLC0415  1 ms, and only for a wrong code

    names = [rule.code for rule in rules()]
    near = get_close_matches(wanted, names + [name.partition("::")[2] for name in names], 3, 0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "`vtm rules` lists all codes"
    raise WrongUsageError(f"{pattern} is no code of vtm", code="UNKNOWN-CODE", fix=hint)


def concerns(pattern: str, rule: Rule) -> bool:
    """Whether a canonical `pattern` takes some finding of `rule`."""
    name = rule.code.partition("::")[2]
    return matches(pattern, rule.code) or pattern.startswith((f"{rule.code}::", f"{name}::"))
