"""What the tests of prompts share: templates of a project, and prompts without what is fenced."""

import re

from tests.projects import put
from tests.repositories import vtm
from vtm.app.app import App
from vtm.app.prompting import Asked, prompt_for
from vtm.templates.library import SUFFIX

TEMPLATES = (
    "after-action-review",
    "batch-coordinator",
    "handoff",
    "implement-worker",
    "implementation-specialist",
    "resolve-blocker",
    "task-implementer",
)
_FENCED = re.compile(r"^(`{3,})(\w+)\n(.*?)\n\1$", re.MULTILINE | re.DOTALL)


def own(root, name, text):
    """Give a project a template of its own."""
    return put(root, f".vtm/templates/{name}{SUFFIX}", text)


def prompt(root, task, template="task-implementer", audience="plain", budget=None, **asked):
    """A prompt, rendered in this process."""
    app = App.at(root)
    return prompt_for(app, app.backlog[task], template, audience, budget, asked=Asked(**asked)).text


def printed(root, *arguments):
    """A prompt as the command prints it."""
    answer = vtm(root, "prompt", *arguments)
    assert (answer.code, answer.err) == (0, "")
    return answer.out.removesuffix("\n")


def fences(text, info=None):
    """What stands in the fences of a prompt, first to last."""
    return [found[3] for found in _FENCED.finditer(text) if info in {None, found[2]}]


def outside(text):
    """A prompt without what is fenced: what whoever reads it is to obey."""
    return _FENCED.sub(r"[\2]", text)


def section(text, title):
    """One section of a prompt, without its heading."""
    (found,) = re.findall(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found.strip("\n")
