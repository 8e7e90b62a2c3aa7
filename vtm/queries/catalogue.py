"""What vtm knows of itself: rules, settings, schemas."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from vtm.model.finding import Severity
from vtm.rules.rule import Rule


class RuleLine(Struct, frozen=True):
    """A rule in one line.

    Attributes:
        blocking: Whether an error keeps its tasks from being started.
        judges: `backlog`, and the actions it is a gate of.
    """

    code: str
    severity: Severity
    blocking: bool
    judges: Sequence[str]
    summary: str


class RuleList(Struct, frozen=True, tag_field="schema", tag="vtm.rules/1"):
    """All rules, by family and name."""

    rules: Sequence[RuleLine]
    total: int
    returned: int
    truncated: bool


class Explanation(Struct, frozen=True, tag_field="schema", tag="vtm.explain/1"):
    """A rule with its documentation."""

    code: str
    severity: Severity
    blocking: bool
    judges: Sequence[str]
    documentation: str


class Setting(Struct, frozen=True):
    """A setting in force.

    Attributes:
        key: Dotted, as in vtm.toml.
        origin: `default`, `vtm.toml:LINE`, or the name of an environment variable.
    """

    key: str
    value: Any
    origin: str


class AgentChoice(Struct, frozen=True):
    """Who does tasks of one sort.

    Attributes:
        kind: Of the tasks; empty: any for which nothing else is set.
        risk: Of the tasks; empty: any.
        runner: What starts the agent.
        agent: What it is to be; empty: as it is by itself.
    """

    kind: str
    risk: str
    runner: str
    agent: str


class Config(Struct, frozen=True, tag_field="schema", tag="vtm.config/1"):
    """All settings in force, where each came from, and which agents follow from them."""

    root: str
    settings: Sequence[Setting]
    agents: Sequence[AgentChoice]


class SchemaList(Struct, frozen=True, tag_field="schema", tag="vtm.schemas/1"):
    """Names of all schemas that vtm ships, with their titles."""

    schemas: Mapping[str, str]


class Completion(Struct, frozen=True, tag_field="schema", tag="vtm.completion/1"):
    """A shell's completion script."""

    shell: str
    script: str


def rule_list(rules: Iterable[Rule]) -> RuleList:
    """All rules, one line each."""
    found = [RuleLine(rule.code, rule.severity, rule.blocking, judges(rule), rule.summary) for rule in rules]
    return RuleList(found, len(found), len(found), False)


def explanation(rule: Rule) -> Explanation:
    """A rule with its documentation."""
    return Explanation(rule.code, rule.severity, rule.blocking, judges(rule), rule.documentation)


def judges(rule: Rule) -> list[str]:
    """When a rule runs: `backlog`, and the actions it is a gate of."""
    return ["backlog"] * rule.backlog + sorted(rule.gates)
