"""Agents of clients: which are defined, which are named, and what is wrong with their files."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from vtm.model.facts import AgentFacts, AgentFlaw, NamedAgent
from vtm.model.finding import Defect, Location
from vtm.sources.files import Missing, read_bytes
from vtm.sources.setting_paths import NAME
from vtm.sources.settings import load_settings

BUILT_IN = frozenset(
    [
        "general-purpose",
        "Explore",
        "Plan",
        "claude",
        "statusline-setup",
        "build",
        "plan",
        "general",
        "explore",
        "default",
        "worker",
        "explorer",
    ]
)
"""Agents that Claude Code, OpenCode and Codex bring along."""
_CLAUDE = ".claude/agents"
_OPENCODE = (".opencode/agents", ".opencode/agent")
_CODEX = ".codex/agents"
_NO_AGENT = "readme.md"
_NAMED = re.compile(
    r"""subagent_type["'>]?\s*[=:>]\s*["']?(?P<name>[A-Za-z][\w-]*)(?![\w:-])""", re.IGNORECASE
)
_MOST = 1000
"""Files in a folder that are looked at."""


def read_agents(root: Path, work: Path, chosen: Mapping[str, str], templates: str) -> AgentFacts:
    """What the worktree `work` defines, and what is named: in settings and in the project's own templates.

    Args:
        root: Of the project.
        work: The caller's checkout of it.
        chosen: Keys of the settings below `agents`, with the agents they name.
        templates: Folder of the project's own prompts.
    """
    defined: dict[str, str] = {}
    flaws: list[AgentFlaw] = []
    for path in _files(work, _CLAUDE, ".md"):
        name = _claude(work, path, flaws)
        if name and name in defined:
            flaws.append(AgentFlaw(Location(path, 1), f"name {name} is that of {defined[name]} too"))
        defined.setdefault(name, path)
    for folder in _OPENCODE:
        for path in _files(work, folder, ".md"):
            _opencode(work, path, flaws)
            defined.setdefault(path.removeprefix(f"{folder}/").removesuffix(".md"), path)
    others = {*_in_settings(work), *_of_codex(work)}
    named = [*_chosen(root, chosen), *_in_templates(root, templates)]
    return AgentFacts(frozenset({*defined, *others, *BUILT_IN} - {""}), tuple(named), tuple(flaws))


def _chosen(root: Path, chosen: Mapping[str, str]) -> Iterator[NamedAgent]:
    if not chosen:
        return
    lines = load_settings(root / NAME).lines
    for key, name in chosen.items():
        yield NamedAgent(name, Location(NAME, lines.get(f"agents.{key}", 0)))


def _claude(work: Path, path: str, flaws: list[AgentFlaw]) -> str:
    """The name of an agent of Claude Code; empty where it has none."""
    from vtm.sources.agent_file import claude_flaws, front_matter  # noqa: PLC0415  yaml: 15 ms

    front = front_matter(_text(work, path))
    found = front.flaws if not front.nodes else (*front.flaws, *claude_flaws(front))
    flaws += [AgentFlaw(Location(path, each.line), each.message) for each in found]
    return front.text("name").strip()


def _opencode(work: Path, path: str, flaws: list[AgentFlaw]) -> None:
    from vtm.sources.agent_file import front_matter, opencode_flaws  # noqa: PLC0415  yaml: 15 ms

    front = front_matter(_text(work, path))
    found = front.flaws if not front.nodes else (*front.flaws, *opencode_flaws(front))
    flaws += [AgentFlaw(Location(path, each.line), each.message) for each in found]


def _in_settings(work: Path) -> Iterable[str]:
    """Agents that the settings of OpenCode define, as far as they are plain JSON."""
    data = read_bytes(work / "opencode.json", "opencode.json")
    try:
        document = msgspec.json.decode(data) if isinstance(data, bytes) else None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ()
    agents = document.get("agent") if isinstance(document, dict) else None
    return agents if isinstance(agents, dict) else ()


def _of_codex(work: Path) -> Iterator[str]:
    for path in _files(work, _CODEX, ".toml"):
        try:
            name = tomllib.loads(_text(work, path)).get("name")
        except (tomllib.TOMLDecodeError, RecursionError):
            continue
        if isinstance(name, str):
            yield name


def _in_templates(root: Path, folder: str) -> Iterator[NamedAgent]:
    """Agents that the project's own prompts call by their name; what a variable names is known by nobody."""
    for path in _files(root, folder, ".md.j2"):
        text = _text(root, path)
        for found in _NAMED.finditer(text):
            line = text.count("\n", 0, found.start("name")) + 1
            yield NamedAgent(found["name"], Location(path, line))


def _files(root: Path, folder: str, ending: str) -> list[str]:
    """Paths of the files in a folder and below it; none where its place is outside `root`."""
    top = root / folder
    try:
        if not top.is_dir() or not top.resolve().is_relative_to(root):
            return []
        found = sorted(each for each in top.rglob(f"*{ending}") if each.name.lower() != _NO_AGENT)
        found = [each for each in found[:_MOST] if each.resolve().is_relative_to(root)]
    except (OSError, RuntimeError):
        return []
    return [each.relative_to(root).as_posix() for each in found]


def _text(root: Path, path: str) -> str:
    """What is in a file; what is no text or cannot be read says nothing."""
    data = read_bytes(root / path, path)
    return "" if isinstance(data, Missing | Defect) else data.decode("utf-8", "replace")
