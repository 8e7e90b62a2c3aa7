"""What `vtm run` costs beside the agents: against git's own commands in a shell, and against the plan."""

import json
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from backlog import tasks_of
from row import Row

TASKS = 20
SIMULATED = 60
AT_ONCE = 4
SECONDS = {"S": 0.5, "M": 1.0, "L": 2.0}
"""How long a simulated agent works, by the size of its task."""

_AGENT = """\
#!/bin/sh
mkdir -p "src/$VTM_TASK" && echo "done" > "src/$VTM_TASK/made" || exit 1
sleep "$(cat "{seconds}/$VTM_TASK" 2>/dev/null || echo 0)"
git add "src/$VTM_TASK/made" && git commit -q -m "$VTM_TASK" || exit 1
echo "{{\\"task_id\\": \\"$VTM_TASK\\", \\"status\\": \\"completed\\", \\"epoch\\": $VTM_EPOCH,"
echo "\\"acs_completed\\": [\\"$VTM_TASK-AC01\\"], \\"files_modified\\": [\\"src/$VTM_TASK/made\\"],"
echo "\\"test_results\\": {{\\"passed\\": 1, \\"failed\\": 0}}}}"
"""
_BY_HAND = """\
set -e
for task in {tasks}; do
    git worktree add -q -b "feat/$task" ".worktrees/feat/$task"
    cd ".worktrees/feat/$task"
    mkdir -p "src/$task"; echo "done" > "src/$task/made"
    git add "src/$task/made"
    git commit -q -m "$task"
    cd ../../..
    git merge -q --no-ff -m "Merge $task" "feat/$task"
    git worktree remove ".worktrees/feat/$task"
    git branch -q -d "feat/$task"
done
"""
_SETTINGS = """\
wip_limit = 0
[git]
merge = "auto"
[agents]
runner = "bench"
[runners.bench]
command = ["/bin/sh", "{agent}"]
[estimate]
S = {S}
M = {M}
L = {L}
"""


class Taken(NamedTuple):
    """Seconds for one task: by `vtm run` without and with its start, and by hand in a shell."""

    run: float
    started: float
    shell: float


def run_rows(python: Path, place: Path, rounds: int) -> Iterator[Row]:
    """What each task costs, and how long many take that run side by side."""
    vtm = str(python.parent / "vtm")
    taken, against_plan = [], []
    for turn in range(max(3, rounds // 5)):  # side by side: a machine is not always as fast
        here = place / f"turn-{turn}"
        taken.append(overhead(vtm, here))
        against_plan.append(makespan(vtm, here, taken[-1].run))
    alone = median(each.run / each.shell for each in taken)
    yield Row(f"run, each of {TASKS} tasks", "git add, commit, merge … in a shell", alone, 3)
    with_start = median(each.started / each.shell for each in taken)
    yield Row(f"run, each of {TASKS} tasks, with its start", "the same", with_start, 4)
    plan = "the plan, with that for each"
    yield Row(f"run, {SIMULATED} simulated tasks", plan, median(against_plan), 1.15)


def overhead(vtm: str, place: Path) -> Taken:
    """What one task costs, as a run, an empty run and a shell in turn show it."""
    names = [f"BENCH--T{number:02}" for number in range(TASKS)]
    tasks = [_task(name) for name in names]
    run, empty, shell = (
        _repository(place / kind, each, SECONDS)
        for kind, each in (("run", tasks), ("empty", []), ("shell", tasks))
    )
    by_hand = _timed(["/bin/sh", "-c", _BY_HAND.format(tasks=" ".join(names))], shell)
    start = _timed([vtm, "run", "--json"], empty)
    whole = _timed([vtm, "run", "--json"], run)
    _made_sure(run, names)
    return Taken((whole - start) / TASKS, whole / TASKS, by_hand / TASKS)


def makespan(vtm: str, place: Path, beyond: float) -> float:
    """How long simulated tasks take, against the plan for tasks that each take `beyond` seconds longer."""
    chosen = tasks_of(SIMULATED, seed=2)
    tasks = [_task(each["task_id"], each["depends_on_tasks"], each["est"]["size"]) for each in chosen]
    expected = {size: seconds + beyond for size, seconds in SECONDS.items()}
    root = _repository(place / "simulated", tasks, expected)
    asked = ["--mode", "parallel", "--max", str(AT_ONCE), "--json"]
    planned = subprocess.run([vtm, "plan", *asked], cwd=root, check=True, capture_output=True)
    hundredths: int = json.loads(planned.stdout)["minutes"]
    empty = _repository(place / "simulated-empty", [], SECONDS)
    start = _timed([vtm, "run", *asked], empty)
    taken = _timed([vtm, "run", *asked], root) - start
    _made_sure(root, [each["task_id"] for each in tasks])
    return taken / (hundredths / 100)


def _task(name: str, needs: Sequence[str] = (), size: str = "") -> dict[str, Any]:
    return {
        "task_id": name,
        "title": f"Do {name}",
        "risk": "Medium",
        "est": {"size": size or "S"},
        "acceptance_criteria": [{"id": f"{name}-AC01", "text": "It is done"}],
        "depends_on_tasks": list(needs),
        "related_specs": ["docs/specs/bench.md"],
        "test_verification": [],
        "parallel": True,
        "conflicts_with": [],
        "file_scope": [f"src/{name}/**"],
        "seconds": SECONDS[size] if size else 0,
    }


def _repository(root: Path, tasks: Sequence[dict[str, Any]], expected: dict[str, float]) -> Path:
    """A repository with a backlog, whose estimates are hundredths of a second."""
    backlog, seconds = root / "docs/backlog", root.with_name(f"{root.name}-seconds")
    for folder in (backlog, root / "docs/specs", seconds):
        folder.mkdir(parents=True)
    for task in tasks:
        (seconds / task["task_id"]).write_text(str(task["seconds"]), "utf-8")
    (root / "docs/specs/bench.md").write_text("# Bench\n", "utf-8")
    manifest = {"status": "OK", "tasks": tasks}
    (backlog / "virtual-task-manifest.json").write_text(json.dumps(manifest), "utf-8")
    agent = root.with_name(f"{root.name}-agent.sh")
    agent.write_text(_AGENT.format(seconds=seconds), "utf-8")
    minutes = {size: round(each * 100) for size, each in expected.items()}
    (root / "vtm.toml").write_text(_SETTINGS.format(agent=agent, **minutes), "utf-8")
    (root / ".gitignore").write_text("/.worktrees/\n", "utf-8")
    _git(root, "init", "-q", "-b", "main")
    _git(root, "config", "user.name", "bench")
    _git(root, "config", "user.email", "bench@example.org")
    _git(root, "add", "-A")
    _git(root, "commit", "-q", "-m", "Plan")
    return root


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, encoding="utf-8")
    return done.stdout


def _timed(command: Sequence[str], where: Path) -> float:
    start = time.perf_counter()
    subprocess.run(command, cwd=where, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def _made_sure(root: Path, names: Sequence[str]) -> None:
    """Measure nothing that did not do its work."""
    merged = set(_git(root, "ls-tree", "-r", "--name-only", "main", "src").splitlines())
    if merged != {f"src/{name}/made" for name in names}:
        raise SystemExit(f"{root}: a run has not merged all its tasks")
