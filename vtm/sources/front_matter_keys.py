"""The keys of a task file's front matter, and what they are called in a manifest."""

TEXTS = {
    "id": "task_id",
    "title": "title",
    "name": "title",
    "description": "description",
    "capability_id": "capability_id",
    "phase": "phase",
    "slice": "slice",
    "level": "level",
    "parallelism_group": "parallelism_group",
}
"""Keys whose value is a text."""

LISTS = {
    "depends_on": "depends_on_tasks",
    "dependencies": "depends_on_tasks",
    "dependsOn": "depends_on_tasks",
    "depends_on_tasks": "depends_on_tasks",
    "related_specs": "related_specs",
    "related_adrs": "related_adrs",
    "related_guides": "related_guides",
    "test_verification": "test_verification",
    "gap_codes": "gap_codes",
    "conflicts_with": "conflicts_with",
    "file_scope": "file_scope",
}
"""Keys whose value is a list of texts."""

FLAGS = ("provisional", "parallel")
TIMES = ("started_at", "completed_at")
GRADES = ("scope", "impact")

POSITION = "x_position"
"""Where a task that comes from a manifest stood in it, from 0."""

KEYS = {*TEXTS, *LISTS, *FLAGS, *TIMES, *GRADES, POSITION, "status", "risk", "size"}
"""All keys that vtm reads; others are of no concern to it, and stay."""
