"""An agent that does what a plan says: works as it was told to, or goes wrong in one of many ways.

    python -I -S scripted_agent.py PLACE < PROMPT

PLACE is a folder outside the repository. Its `plan.json` holds of each task the `files` (path to content),
the `acts` (what it does at each attempt, the last one at all that follow; by default `well`) and the
`seconds` that its work takes. In `audit.jsonl` every agent writes a line when it starts and one when it
ends, and as long as it lives it holds a locked file below `alive/`, as does each process that it leaves.

It imports nothing of vtm and little else, so that it starts quickly.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time

ESCAPES = b"\x1b[2J\x1b]0;owned\x07\x9b31m\xff\xfe\xc3(\xed\xa0\x80\x00\r\n::error::line\n"
"""What no terminal and no decoder should be given as it is."""
_ESCAPED = "outside/{}.txt"


class Agent:
    """One agent at work on one task."""

    def __init__(self, place, environment):
        self.place = place
        self.task = environment["VTM_TASK"]
        self.epoch = int(environment["VTM_EPOCH"])
        self.session = environment["VTM_SESSION"]
        self.attempt = int(self.session.rpartition(":")[2])
        with open(os.path.join(place, "plan.json"), encoding="utf-8") as file:
            plan = json.load(file)
        self.files = plan["files"].get(self.task, {})
        acts = plan.get("acts", {}).get(self.task, ["well"])
        self.act = acts[min(self.attempt, len(acts)) - 1]
        self.seconds = plan.get("seconds", {}).get(self.task, 0)
        self.main = plan.get("main", "")
        self.others = [each for each in plan["files"] if each != self.task]
        self.report = {}

    def read(self, prompt):
        """Take the report to fill in out of the prompt, and make sure that it is about this task."""
        self.report = json.loads(prompt.rpartition("```json\n")[2].partition("\n```")[0])
        told = (self.report["task_id"], self.report["epoch"])
        if told != (self.task, self.epoch) or f"--epoch {self.epoch}" not in prompt:
            raise ValueError(f"the prompt is about {told}, not about {self.task} under epoch {self.epoch}")

    def write(self, path, content):
        """Write one file in the worktree."""
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)

    def work(self, files=None, broken=""):
        """Do the work; `broken` is put into each file."""
        for path, content in (self.files if files is None else files).items():
            self.write(path, content + broken)
        time.sleep(self.seconds)

    def save(self, paths=None):
        """Commit these files; where the same is committed already, nothing happens."""
        git("add", "--", *(self.files if paths is None else paths))
        if git("diff", "--cached", "--quiet", check=False):
            git("commit", "-q", "-m", f"feat({self.task}): attempt {self.attempt}")

    def say(self, **more):
        """End with the report."""
        report = {**self.report, "files_modified": sorted(self.files), **more}
        report["test_results"] = {"passed": 1, "failed": 0, "command": "scripted"}
        print(f"I am done.\n\n```json\n{json.dumps(report, indent=2)}\n```", flush=True)

    def audit(self, what, **more):
        """Write a line into the audit log."""
        line = {"what": what, "task": self.task, "session": self.session, "epoch": self.epoch}
        line |= {"attempt": self.attempt, "act": self.act, "pid": os.getpid(), **more}
        log = os.path.join(self.place, "audit.jsonl")
        with open(log, "ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if what == "start":
                self._alive = hold(self.place, self.task)
                line |= {"beside": alive(self.place, self.task), "twice": not self._alive}
            file.write(json.dumps(line).encode() + b"\n")


def git(*arguments, check=True):
    """Run git; its exit code."""
    return subprocess.run(["git", *arguments], check=check, stdout=subprocess.DEVNULL).returncode


def hold(place, name):
    """Lock a file below `alive/` with the id of this process; False where somebody holds it.

    Whoever keeps the file open holds it to the end of this process.
    """
    folder = os.path.join(place, "alive")
    os.makedirs(folder, exist_ok=True)
    file = open(os.path.join(folder, name.replace("/", "%")), "ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    file.truncate(0)
    file.write(str(os.getpid()).encode())
    file.flush()
    return file


def alive(place, but=""):
    """Names of those who live now, without one of them."""
    found, folder = [], os.path.join(place, "alive")
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        if name == but.replace("/", "%"):
            continue
        with open(os.path.join(folder, name), "rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                found.append(name.replace("%", "/"))
    return found


def well(agent):
    """As it was told to."""
    agent.work()
    agent.save()
    agent.say()


def records(agent):
    """As it was told to, and what it has done it says to vtm as well."""
    agent.work()
    agent.save()
    call = ["ac", "--epoch", str(agent.epoch), agent.task, *agent.report["acs_completed"]]
    subprocess.run([sys.executable, "-m", "vtm", *call], check=True, stdout=subprocess.DEVNULL)
    agent.say()


def catches_up(agent):
    """As it was told to, after main was merged, as one does whose work was handed back."""
    git("merge", "-q", "-X", "ours", "main")
    well(agent)


def crashes(agent):
    """It fails in the middle of its work."""
    agent.work(broken="(")
    raise RuntimeError("this agent is broken")


def is_killed(agent):
    """A signal ends it, and what it did is committed."""
    agent.work()
    agent.save()
    os.kill(os.getpid(), signal.SIGSEGV)


def hangs(agent):
    """It does not end by itself, nor when it is asked to."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    agent.work()
    print("thinking", flush=True)
    while True:
        time.sleep(3600)


def spawns(agent):
    """It has agents started on all other tasks, and waits for ever."""
    for task in agent.others:
        subprocess.run([sys.executable, "-m", "vtm", "spawn", task], check=True, stdout=subprocess.DEVNULL)
    hangs(agent)


def waits_for_others(agent):
    """It ends only when those of all other tasks have been at work and are over."""
    agent.work()
    agent.save()
    log = os.path.join(agent.place, "audit.jsonl")
    while True:
        with open(log, encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
        if {each["task"] for each in lines if each["what"] == "end"} >= set(agent.others):
            break
        time.sleep(0.05)
    agent.say()


def says_nothing(agent):
    """It does its work, ends well, and does not report."""
    agent.work()
    agent.save()


def lies_about_commits(agent):
    """It says that all is done, and did nothing."""
    agent.say()


def lies_about_tests(agent):
    """It says that tests passed which cannot."""
    agent.work(broken="\nraise SystemExit('red')\n")
    agent.save()
    agent.say()


def lies_about_criteria(agent):
    """It says that the task is done, and that criteria are left."""
    agent.work()
    agent.save()
    agent.say(acs_completed=[], acs_remaining=agent.report["acs_completed"])


def gives_up(agent):
    """It reports what stands in its way."""
    agent.work()
    agent.save()
    agent.say(status="blocked", acs_completed=[], blockers=[{"reason": "the document contradicts itself"}])


def floods(agent):
    """It does its work and prints far more than anybody reads."""
    line = b"all work and no play " * 50 + b"\n"
    for _ in range(20):
        os.write(1, line * 1000)
    well(agent)


def drowns(agent):
    """It does its work and prints a gigabyte."""
    line = (b"all work and no play " * 50 + b"\n") * 1000
    for _ in range(1000):
        sys.stdout.buffer.write(line)
    sys.stdout.flush()
    well(agent)


def swears(agent):
    """It does its work and prints what is neither text nor harmless."""
    os.write(1, ESCAPES * 100)
    os.write(2, ESCAPES)
    well(agent)


def strays(agent):
    """It changes a file that is not its own."""
    path = _ESCAPED.format(agent.task)
    agent.work({**agent.files, path: "astray\n"})
    agent.save([*agent.files, path])
    agent.say(files_modified=[*agent.files, path])


def leaves_files(agent):
    """It says that all is done, and part of it is not committed."""
    first = next(iter(agent.files))
    agent.work()
    agent.save([first])
    agent.write(first, agent.files[first] + "# and more\n")
    agent.say()


def leaves_a_child(agent):
    """It does its work; a process that it started goes on, whatever that is told, and could still print."""
    ready, begun = os.pipe()
    call = [
        sys.executable,
        "-I",
        "-S",
        __file__,
        "--child",
        agent.place,
        f"{agent.session} child",
        str(begun),
    ]
    subprocess.Popen(call, stdin=subprocess.DEVNULL, pass_fds=[begun])
    os.close(begun)
    os.read(ready, 1)
    well(agent)


def clashes(agent):
    """While it does its work, somebody changes the same files on main."""
    agent.work()
    agent.save()
    with open(os.path.join(agent.place, "main.lock"), "ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for path, content in agent.files.items():
            agent.write(os.path.join(agent.main, path), f"# somebody else, {agent.attempt}\n{content}")
        on_main = ("-C", agent.main)
        while git(*on_main, "add", "--", *agent.files, check=False):
            time.sleep(0.01)
        while git(*on_main, "commit", "-q", "-m", "Change it otherwise", "--", *agent.files, check=False):
            time.sleep(0.01)
    agent.say()


ACTS = {
    act.__name__.replace("_", "-"): act
    for act in (
        *(well, records, catches_up, floods, drowns, swears, leaves_a_child),
        *(
            crashes,
            is_killed,
            hangs,
            spawns,
            waits_for_others,
            says_nothing,
            lies_about_commits,
            lies_about_tests,
        ),
        *(lies_about_criteria, gives_up, strays, leaves_files, clashes),
    )
}


def main(place):
    """Work at the one task that the environment and the prompt name."""
    agent = Agent(place, os.environ)
    agent.audit("start")
    try:
        agent.read(sys.stdin.read())
        ACTS[agent.act](agent)
    except Exception as error:
        agent.audit("end", error=f"{type(error).__name__}: {error}")
        raise
    agent.audit("end")


def child(place, name, begun):
    """Live until somebody ends it by force; say so to the file descriptor `begun`."""
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    held = hold(place, name)
    os.write(int(begun), b"." if held else b"!")
    os.close(int(begun))
    while True:
        signal.pause()


if __name__ == "__main__":
    if sys.argv[1] == "--child":
        child(*sys.argv[2:])
    else:
        main(sys.argv[1])
