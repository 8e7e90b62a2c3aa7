"""`vtm graph show` as text, DOT and Mermaid."""

from collections.abc import Iterator

from vtm.queries.graph_view import GraphView, Node
from vtm.rendering.plain import one_line
from vtm.rendering.render import Terminal
from vtm.rendering.text.wording import counted

_COLOURS = {
    "completed": "#b7e1cd",
    "in-progress": "#fce8b2",
    "blocked": "#f4c7c3",
    "abandoned": "#d9d9d9",
    "unknown": "#ea9999",
}


def lines(result: GraphView, _: Terminal) -> Iterator[str]:
    """Generation by generation, each task with what it depends on."""
    levels: dict[int | None, list[Node]] = {}
    for node in result.nodes:
        levels.setdefault(node.generation, []).append(node)
    for level in sorted(levels, key=lambda each: (each is None, each)):
        yield (
            "Outside the order (cycles, what is behind them, unknown ids)"
            if level is None
            else f"Generation {level}"
        )
        for node in levels[level]:
            arrow = f"  <- {', '.join(node.depends_on)}" if node.depends_on else ""
            yield f"  {node.task_id} ({node.status}){arrow}"
    yield ", ".join(_totals(result))


def _totals(result: GraphView) -> Iterator[str]:
    unknown = sum(node.status == "unknown" for node in result.nodes)
    yield counted(len(result.nodes) - unknown, "task")
    if unknown:
        yield counted(unknown, "unknown id")
    yield counted(result.edges, "dependency", "dependencies")
    yield f"depth {result.depth}"


def dot(result: GraphView) -> str:
    """Graphviz; an arrow goes from a dependency to what depends on it.

    Source: https://graphviz.org/doc/info/lang.html.
    """
    found = ["digraph backlog {", "  rankdir=LR;", "  node [shape=box, style=filled, fillcolor=white];"]
    for node in result.nodes:
        colour = _COLOURS.get(node.status)
        style = f' [fillcolor="{colour}"]' if colour else ""
        found.append(f"  {_quoted(node.task_id)}{style};")
    found += [
        f"  {_quoted(each)} -> {_quoted(node.task_id)};" for node in result.nodes for each in node.depends_on
    ]
    return "\n".join([*found, "}"])


def mermaid(result: GraphView) -> str:
    """Mermaid flowchart; an arrow goes from a dependency to what depends on it.

    Source: https://mermaid.js.org/syntax/flowchart.html.
    """
    names = {node.task_id: f"t{number}" for number, node in enumerate(result.nodes)}
    found = ["flowchart LR"]
    found += [f'  {names[node.task_id]}["{_entities(node.task_id)}"]' for node in result.nodes]
    found += [
        f"  {names[each]} --> {names[node.task_id]}" for node in result.nodes for each in node.depends_on
    ]
    for status, colour in _COLOURS.items():
        members = [names[node.task_id] for node in result.nodes if node.status == status]
        if members:
            label = status.replace("-", "")
            found += [f"  classDef {label} fill:{colour}", f"  class {','.join(members)} {label}"]
    return "\n".join(found)


def _quoted(text: str) -> str:
    return '"' + one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _entities(text: str) -> str:
    return "".join(
        char if char.isalnum() or char in " -_./:" else f"#{ord(char)};" for char in one_line(text)
    )
