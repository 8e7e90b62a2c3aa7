-- name: create
CREATE TABLE IF NOT EXISTS batch (
    id          TEXT PRIMARY KEY,
    size        INTEGER NOT NULL,
    wave        INTEGER NOT NULL,
    locked_at   TEXT NOT NULL,
    finished_at TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS batch_task (
    batch TEXT NOT NULL,
    task  TEXT NOT NULL,
    place INTEGER NOT NULL,
    held  INTEGER NOT NULL,
    PRIMARY KEY (batch, task)
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS one_batch_holds_a_task ON batch_task (task) WHERE held;

-- name: all
SELECT * FROM batch ORDER BY locked_at, rowid;

-- name: places
SELECT batch, task, held FROM batch_task JOIN batch ON batch.id = batch_task.batch
WHERE :batch IS NULL OR batch = :batch ORDER BY batch.locked_at, batch.rowid, place;

-- name: of_task
SELECT batch, task, held FROM batch_task JOIN batch ON batch.id = batch_task.batch
WHERE task = :task ORDER BY held DESC, batch.locked_at DESC, batch.rowid DESC LIMIT 1;

-- name: add
INSERT INTO batch (id, size, wave, locked_at, finished_at)
VALUES (:id, :size, :wave, :locked_at, :finished_at) ON CONFLICT DO NOTHING;

-- name: hold
INSERT INTO batch_task (batch, task, place, held) VALUES (:batch, :task, :place, 1) ON CONFLICT DO NOTHING;

-- name: take_out
DELETE FROM batch_task WHERE batch = :batch AND task = :task;

-- name: let_go
UPDATE batch_task SET held = 0 WHERE batch = :batch;

-- name: finish
UPDATE batch SET finished_at = :now WHERE id = :batch AND finished_at IS NULL;
