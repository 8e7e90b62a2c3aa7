"""The formats of findings, by the names of their files."""

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules

from vtm.queries.validation import Validation
from vtm.rendering import formats
from vtm.rendering.rule_summary import RuleSummary


def finding_formats() -> tuple[str, ...]:
    """Names of all formats."""
    return tuple(each.name for each in iter_modules(formats.__path__))


def render_findings(name: str, result: Validation, rules: Sequence[RuleSummary]) -> str:
    """Findings in the format of this name; `rules` are those that ran."""
    rendered: str = import_module(f"{formats.__name__}.{name}").render(result, rules)
    return rendered
