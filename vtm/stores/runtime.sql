-- name: create
CREATE TABLE IF NOT EXISTS lease (
    task       TEXT PRIMARY KEY,
    owner      TEXT NOT NULL,
    session    TEXT NOT NULL,
    epoch      INTEGER NOT NULL,
    granted_at TEXT NOT NULL,
    renewed_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    host       TEXT NOT NULL,
    pid        INTEGER NOT NULL,
    ended      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS receipt (
    task     TEXT NOT NULL,
    worktree TEXT NOT NULL,
    path     TEXT NOT NULL,
    sha256   TEXT NOT NULL,
    read_at  TEXT NOT NULL,
    PRIMARY KEY (task, worktree, path)
) STRICT;
CREATE TABLE IF NOT EXISTS clock (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    latest TEXT NOT NULL
) STRICT;
PRAGMA user_version = 1;

-- name: clock
SELECT latest FROM clock;

-- name: tick
INSERT INTO clock (one, latest) VALUES (1, :now)
ON CONFLICT (one) DO UPDATE SET latest = max(latest, excluded.latest);

-- name: leases
SELECT task, owner, session, epoch, granted_at, renewed_at, expires_at, host, pid
FROM lease WHERE NOT ended ORDER BY expires_at, task;

-- name: epoch
SELECT epoch FROM lease WHERE task = :task;

-- name: grant
INSERT INTO lease (task, owner, session, epoch, granted_at, renewed_at, expires_at, host, pid)
VALUES (:task, :owner, :session, :epoch, :granted_at, :renewed_at, :expires_at, :host, :pid)
ON CONFLICT (task) DO UPDATE SET
    owner = excluded.owner, session = excluded.session, epoch = excluded.epoch,
    granted_at = excluded.granted_at, renewed_at = excluded.renewed_at, expires_at = excluded.expires_at,
    host = excluded.host, pid = excluded.pid, ended = 0
WHERE excluded.epoch >= lease.epoch;

-- name: renew
UPDATE lease SET renewed_at = :renewed_at, expires_at = max(expires_at, :expires_at)
WHERE task = :task AND epoch = :epoch AND NOT ended;

-- name: end
UPDATE lease SET ended = 1 WHERE task = :task;

-- name: keep
INSERT INTO receipt (task, worktree, path, sha256, read_at)
VALUES (:task, :worktree, :path, :sha256, :read_at)
ON CONFLICT (task, worktree, path) DO UPDATE SET sha256 = excluded.sha256, read_at = excluded.read_at;

-- name: receipts
SELECT task, path, sha256, worktree FROM receipt WHERE task = :task ORDER BY worktree, path;
