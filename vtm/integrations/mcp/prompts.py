"""Templates of prompts, for clients that offer them to their users."""

from typing import Annotated

from mcp.types import GetPromptResult, ListPromptsResult, PromptArgument, PromptMessage, TextContent
from mcp.types import Prompt as Offered
from msgspec import UNSET, Meta, Struct, UnsetType

from vtm.app.prompting import OF_SEVERAL, prompt_for, templates
from vtm.integrations.mcp.arguments import Name, taken
from vtm.integrations.mcp.session import Call
from vtm.model.naming import task_named
from vtm.queries.audience import AUDIENCES
from vtm.queries.prompt import PromptTemplate
from vtm.rendering.plain import one_line


class Asked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a prompt is made for."""

    task: Name
    budget: Annotated[int, Meta(ge=1)] | UnsetType = UNSET


def listed(call: Call) -> ListPromptsResult:
    """All templates that can be used."""
    found = [_offered(each) for each in templates(call.app()).templates if not each.problem]
    return ListPromptsResult(prompts=found)


def rendered(call: Call, name: str, given: dict[str, str] | None) -> GetPromptResult:
    """A template, filled in for a task; it names the client's own tools where vtm knows them.

    Raises:
        WrongUsageError: There is no such template or task.
        TemplateFailureError: It cannot be rendered.
    """
    asked = taken(name, Asked, given or {})
    app = call.app()
    several = asked.task.replace(",", " ").split() if name in OF_SEVERAL else []
    task, *others = (task_named(app.backlog, call.task(app, each)) for each in several or [asked.task])
    budget = None if asked.budget is UNSET else asked.budget
    prompt = prompt_for(app, task, name, _audience(call.client), budget, others=others)
    message = PromptMessage(role="user", content=TextContent(text=prompt.text))
    return GetPromptResult(description=_description(name), messages=[message])


def _offered(template: PromptTemplate) -> Offered:
    tasks = "Ids of tasks, with blanks between" if template.name in OF_SEVERAL else "Id of the task"
    arguments = [
        PromptArgument(name="task", description=tasks, required=True),
        PromptArgument(name="budget", description="Tokens at most", required=False),
    ]
    name = one_line(template.name)
    return Offered(name=name, description=_description(name), arguments=arguments)


def _description(name: str) -> str:
    return f"vtm's prompt {name}, with all that its task needs"


def _audience(client: str) -> str:
    return next((each for each in AUDIENCES if each in client.casefold()), "plain")
