"""Findings as SARIF 2.1.0, which code scanning services and editors read."""

from collections.abc import Sequence
from hashlib import sha256
from urllib.parse import quote

import msgspec

from vtm import __version__
from vtm.model.finding import Finding, Location
from vtm.queries.validation import Validation, fingerprint
from vtm.rendering.plain import many_lines
from vtm.rendering.rule_summary import RuleSummary, rule_code

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"


def render(result: Validation, rules: Sequence[RuleSummary]) -> str:
    """One run with every rule in `rules` and every finding.

    Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html.
    """
    indices = {rule.code: index for index, rule in enumerate(rules)}
    driver = {
        "name": "vtm",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(each) for each in rules],
    }
    run = {
        "tool": {"driver": driver},
        "originalUriBaseIds": {_ROOT: {"description": _text("The root of the project.")}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, indices) for each in result.findings],
    }
    log = msgspec.json.encode({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})
    return f"{msgspec.json.format(log, indent=2).decode()}\n"


def _rule(rule: RuleSummary) -> dict[str, object]:
    what_and_why = " ".join(rule.help.partition("\nFails:")[0].split())
    return {
        "id": rule.code,
        "shortDescription": _text(rule.summary),
        "fullDescription": _text(what_and_why or rule.summary),
        "help": _text(rule.help or rule.summary),
        "defaultConfiguration": {"level": rule.severity},
    }


def _result(finding: Finding, indices: dict[str, int]) -> dict[str, object]:
    code = rule_code(finding.code)
    index = {"ruleIndex": indices[code]} if code in indices else {}
    message = f"{finding.message}\nFix: {finding.fix}" if finding.fix else finding.message
    return {
        "ruleId": many_lines(code),
        **index,
        "level": finding.severity,
        "message": {"text": _literal(many_lines(message))},
        "locations": _locations(finding.location),
        "partialFingerprints": {"vtm/v1": _hash(finding)},
    }


def _locations(where: Location) -> list[dict[str, object]]:
    if not where.path:
        return []
    column = {"startColumn": where.column} if where.column else {}
    region = {"region": {"startLine": where.line, **column}} if where.line else {}
    artifact = {"uri": quote(where.path, errors="backslashreplace"), "uriBaseId": _ROOT}
    return [{"physicalLocation": {"artifactLocation": artifact, **region}}]


def _hash(finding: Finding) -> str:
    """The same for as long as a baseline would know the finding."""
    return sha256(msgspec.json.encode([many_lines(part) for part in fingerprint(finding)])).hexdigest()


def _text(text: str) -> dict[str, str]:
    return {"text": many_lines(text)}


def _literal(text: str) -> str:
    """`text` as a message without placeholders and links, since it quotes what people wrote.

    Documentation of rules is ours and has neither; services show it as it stands, so its braces stay single.

    Source: SARIF 2.1.0, 3.11.5 and 3.11.6.
    """
    text = text.replace("{", "{{").replace("}", "}}")
    if "](" not in text:
        return text
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
