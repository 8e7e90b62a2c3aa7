"""Prompts: one, the templates that there are, and which of them fail."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.model.finding import Location


class Prompt(Struct, frozen=True, tag_field="schema", tag="vtm.prompt/1"):
    """A prompt, ready to be handed to an agent.

    Attributes:
        template: Its name.
        path: The file of the template.
        audience: Whose tools it names: `claude`, `opencode`, `plain`.
        tasks: Ids of the tasks that it is about.
        tokens: What it counts as, 4 characters each.
        left_out: Titles of the sections that a budget left no room for.
        text: The prompt, Markdown.
    """

    template: str
    path: str
    audience: str
    tasks: Sequence[str]
    tokens: int
    left_out: Sequence[str]
    text: str


class PromptTemplate(Struct, frozen=True):
    """A template.

    Attributes:
        path: Its file, relative to the root; that of one that ships with vtm, as it is in vtm's own source.
        built_in: Whether it is the one that ships with vtm.
        problem: Why it cannot be used; empty: it can be read.
    """

    name: str
    path: str
    built_in: bool
    problem: str


class PromptList(Struct, frozen=True, tag_field="schema", tag="vtm.prompt-list/1"):
    """The templates that can be asked for, by name."""

    templates: Sequence[PromptTemplate]
    total: int
    returned: int
    truncated: bool


class PromptFailure(Struct, frozen=True):
    """A template that cannot be rendered.

    Attributes:
        task_id: The first task with which it fails so.
        tasks: With how many it does.
        location: Of the template.
    """

    template: str
    task_id: str
    tasks: int
    message: str
    location: Location


class PromptCheck(Struct, frozen=True, tag_field="schema", tag="vtm.prompt-check/1"):
    """What comes of rendering each template for each task.

    Attributes:
        templates: How many were tried.
        tasks: With how many tasks.
        rendered: How often that went well.
    """

    templates: int
    tasks: int
    rendered: int
    failures: Sequence[PromptFailure]
    total: int
    returned: int
    truncated: bool
