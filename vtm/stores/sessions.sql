-- name: create
CREATE TABLE IF NOT EXISTS session (
    id         TEXT PRIMARY KEY,
    task       TEXT NOT NULL,
    epoch      INTEGER NOT NULL,
    attempt    INTEGER NOT NULL,
    runner     TEXT NOT NULL,
    started_at TEXT NOT NULL,
    heard_at   TEXT NOT NULL,
    agent      TEXT NOT NULL,
    worktree   TEXT NOT NULL,
    branch     TEXT NOT NULL,
    base       TEXT NOT NULL,
    parent     TEXT NOT NULL,
    run        TEXT NOT NULL,
    host       TEXT NOT NULL,
    pid        INTEGER NOT NULL,
    status     TEXT NOT NULL,
    ended_at   TEXT,
    exit_code  INTEGER,
    reason     TEXT NOT NULL,
    settled    INTEGER NOT NULL,
    UNIQUE (task, attempt)
) STRICT;

-- name: all
SELECT * FROM session ORDER BY started_at, rowid;

-- name: named
SELECT * FROM session WHERE id = :id;

-- name: of_task
SELECT * FROM session WHERE task = :task ORDER BY attempt;

-- name: add
INSERT INTO session (
    id, task, epoch, attempt, runner, started_at, heard_at, agent, worktree, branch, base, parent, run, host, pid,
    status, ended_at, exit_code, reason, settled
) VALUES (
    :id, :task, :epoch, :attempt, :runner, :started_at, :heard_at, :agent, :worktree, :branch, :base, :parent, :run,
    :host, :pid, :status, :ended_at, :exit_code, :reason, :settled
) ON CONFLICT DO NOTHING;

-- name: started
UPDATE session SET pid = :pid, heard_at = :now WHERE id = :id;

-- name: heard
UPDATE session SET heard_at = max(heard_at, :now) WHERE id = :id;

-- name: ended
UPDATE session SET status = :status, ended_at = :now, exit_code = :exit_code, reason = :reason
WHERE id = :id AND status = 'active';

-- name: settle
UPDATE session SET settled = 1 WHERE id = :id;
