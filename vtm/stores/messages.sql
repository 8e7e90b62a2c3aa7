-- name: create
CREATE TABLE IF NOT EXISTS message (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    audience TEXT NOT NULL,
    text     TEXT NOT NULL,
    at       TEXT NOT NULL,
    session  TEXT NOT NULL,
    task     TEXT NOT NULL,
    sender   TEXT NOT NULL,
    level    TEXT NOT NULL,
    read_at  TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS message_of ON message (audience, session);

-- name: send
INSERT INTO message (audience, text, at, session, task, sender, level)
VALUES (:audience, :text, :at, :session, :task, :sender, :level)
RETURNING *;

-- name: all
SELECT * FROM message
WHERE audience = :audience AND (:session IS NULL OR session = :session) ORDER BY id;

-- name: unread
SELECT session, count(*) AS number FROM message
WHERE audience = 'worker' AND read_at IS NULL GROUP BY session;

-- name: take
UPDATE message SET read_at = :now
WHERE audience = :audience AND (:session IS NULL OR session = :session) AND read_at IS NULL
RETURNING *;
