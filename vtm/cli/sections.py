"""How the commands are grouped in `vtm --help`: by what one has in mind."""

SECTIONS = {
    "Look at the backlog": (
        *("next", "blocked", "why", "pulse", "status", "list", "show", "graph", "plan", "waves", "report"),
        *("log", "aar"),
    ),
    "Work at a task": (
        *("start", "ac", "attempt", "complete", "block", "unblock", "release", "heartbeat", "note", "read"),
        *("context", "prompt", "commit-msg", "handoff", "report-back"),
        *("reopen", "reset", "waive", "abandon", "undo"),
    ),
    "Run agents": (
        *("run", "spawn", "sessions", "logs", "message", "abort", "notify", "inbox", "worktree", "merge"),
        *("batch", "phase", "checkpoint"),
    ),
    "Check": ("validate", "preflight", "prescan", "doctor", "replay", "explain", "rules"),
    "Change what is declared": (
        *("add", "edit", "ingest", "import", "export", "convert", "fmt"),
        *("reconcile", "rehash", "migrate"),
    ),
    "Set up": ("init", "config", "completion", "hook", "mcp", "git-merge", "sync", "compat", "schema"),
}
"""Names of commands by the heading of their section, each in the order in which one comes to need them."""
