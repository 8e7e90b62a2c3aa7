-- name: create
CREATE TABLE IF NOT EXISTS worktree (
    task    TEXT PRIMARY KEY,
    branch  TEXT NOT NULL,
    path    TEXT NOT NULL,
    base    TEXT NOT NULL,
    made_at TEXT NOT NULL
) STRICT;

-- name: all
SELECT * FROM worktree ORDER BY made_at, rowid;

-- name: of_task
SELECT * FROM worktree WHERE task = :task;

-- name: keep
INSERT INTO worktree (task, branch, path, base, made_at) VALUES (:task, :branch, :path, :base, :made_at)
ON CONFLICT (task) DO UPDATE SET
    branch = excluded.branch, path = excluded.path, base = excluded.base, made_at = excluded.made_at;

-- name: forget
DELETE FROM worktree WHERE task = :task;
