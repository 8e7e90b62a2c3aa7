-- name: create
CREATE TABLE IF NOT EXISTS run (
    id         INTEGER PRIMARY KEY,
    host       TEXT NOT NULL,
    pid        INTEGER NOT NULL,
    started_at TEXT NOT NULL,
    asked      TEXT NOT NULL,
    ended_at   TEXT,
    outcome    TEXT NOT NULL DEFAULT ''
) STRICT;

-- name: latest
SELECT * FROM run ORDER BY id DESC LIMIT 1;

-- name: begin
INSERT INTO run (host, pid, started_at, asked) VALUES (:host, :pid, :now, :asked);

-- name: end
UPDATE run SET ended_at = :now, outcome = :outcome WHERE id = :id;
