"""Front matter of the files in which clients' agents are defined, as strictly as it takes to lose nothing.

Clients leave out, without a word, a file or key that they cannot use. What one would leave out is a flaw.

Source: the references of subagents of Claude Code and of agents of OpenCode.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import yaml

_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_LONGEST = 65_536
_MOST_BRACKETS = 1000
_STRING = "tag:yaml.org,2002:str"
_NULL = "tag:yaml.org,2002:null"
_KEYS = frozenset(
    [
        "background",
        "color",
        "description",
        "disallowedTools",
        "effort",
        "hooks",
        "initialPrompt",
        "isolation",
        "maxTurns",
        "mcpServers",
        "memory",
        "metadata",
        "model",
        "name",
        "permissionMode",
        "skills",
        "tools",
    ]
)
_ALIASES = frozenset({"inherit", "sonnet", "opus", "haiku", "default", "opusplan", "best"})
_MODES = frozenset({"primary", "subagent", "all"})
_LISTS = ("tools", "disallowedTools", "skills")

Nodes = Mapping[str, yaml.Node]


class Flaw(NamedTuple):
    """What a client would stumble over; `line` from 1."""

    line: int
    message: str


class Front(NamedTuple):
    """The front matter of a file: its values by key, and what is wrong with it as a whole."""

    nodes: Nodes
    flaws: tuple[Flaw, ...]

    def text(self, key: str) -> str:
        """A value that is a text; empty where there is none."""
        node = self.nodes.get(key)
        return node.value if isinstance(node, yaml.ScalarNode) and node.tag == _STRING else ""

    def line(self, key: str) -> int:
        """The line of a value; the first one where there is none."""
        return self.nodes[key].start_mark.line + 2 if key in self.nodes else 1


def front_matter(text: str) -> Front:
    """The front matter of a file's text."""
    found = _FRONT.match(text.removeprefix("\ufeff"))
    if found is None:
        begun = text.removeprefix("\ufeff").startswith("---")
        return Front({}, (Flaw(1, "the front matter has no end" if begun else "there is no front matter"),))
    head = found[1]
    if len(head) > _LONGEST or head.count("[") + head.count("{") > _MOST_BRACKETS:
        return Front({}, (Flaw(1, "the front matter is too long or has too many brackets"),))
    try:
        node = yaml.compose(head, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        return Front({}, (Flaw(line, f"the front matter is not YAML: {_reason(error)}"),))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        return Front({}, (Flaw(1, f"the front matter is not YAML: {_first(error)}"),))
    if not isinstance(node, yaml.MappingNode):
        return Front({}, (Flaw(2, "the front matter holds no keys"),))
    return _keyed(node)


def claude_flaws(front: Front) -> Iterator[Flaw]:
    """What Claude Code would leave out or misread."""
    for key in ("name", "description"):
        if not front.text(key).strip():
            what = "is no text" if key in front.nodes and front.nodes[key].tag != _NULL else "is missing"
            yield Flaw(front.line(key), f"{key} {what}, and the agent does not exist without it")
    if front.text("name").startswith("-"):
        yield Flaw(front.line("name"), "name begins with a hyphen, and such an agent does not exist")
    for key in sorted(set(front.nodes) - _KEYS):
        yield Flaw(front.line(key), f"{key} is no key that counts for an agent")
    for key in _LISTS:
        if key in front.nodes and not _is_list(front.nodes[key]):
            yield Flaw(
                front.line(key), f"{key} is neither a list of names nor names with commas between them"
            )
    model = front.text("model")
    if "model" in front.nodes and model not in _ALIASES and not re.search(r"[0-9/:]", model):
        yield Flaw(front.line("model"), f"model {model or 'is no text and'} names no model")


def opencode_flaws(front: Front) -> Iterator[Flaw]:
    """What OpenCode would leave out or refuse."""
    if not front.text("description").strip():
        yield Flaw(
            front.line("description"), "description is missing, and nobody learns when to use the agent"
        )
    if "mode" in front.nodes and front.text("mode") not in _MODES:
        yield Flaw(front.line("mode"), f"mode is none of {', '.join(sorted(_MODES))}")
    if "model" in front.nodes and "/" not in front.text("model"):
        yield Flaw(front.line("model"), "model is not written as provider/model")
    if "tools" in front.nodes and not isinstance(front.nodes["tools"], yaml.MappingNode):
        yield Flaw(front.line("tools"), "tools is not a map from names to true or false")


def _keyed(node: yaml.MappingNode) -> Front:
    nodes: dict[str, yaml.Node] = {}
    flaws = []
    for key, value in node.value:
        line = key.start_mark.line + 2
        if not isinstance(key, yaml.ScalarNode):
            flaws.append(Flaw(line, "a key of the front matter is no text"))
        elif key.value in nodes:
            flaws.append(Flaw(line, f"{key.value} is there twice, and only one of them counts"))
        else:
            nodes[key.value] = value
    return Front(nodes, tuple(flaws))


def _is_list(node: yaml.Node) -> bool:
    if isinstance(node, yaml.SequenceNode):
        return all(isinstance(each, yaml.ScalarNode) and each.tag == _STRING for each in node.value)
    return isinstance(node, yaml.ScalarNode) and node.tag in {_STRING, _NULL}


def _first(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _reason(error: yaml.MarkedYAMLError) -> str:
    reason = error.problem or error.context or "it cannot be parsed"
    if "mapping values are not allowed" in reason:
        return "a colon and a space in a value need quotes around it"
    if "'\\t'" in reason:
        return "a tab cannot indent or begin a value"
    return reason
