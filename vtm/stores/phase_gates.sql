-- name: create
CREATE TABLE IF NOT EXISTS phase_gate (
    phase     TEXT NOT NULL,
    side      TEXT NOT NULL,
    at        TEXT NOT NULL,
    commands  TEXT NOT NULL,
    passed    INTEGER NOT NULL,
    work      INTEGER NOT NULL,
    command   TEXT NOT NULL,
    exit_code INTEGER NOT NULL,
    "commit"  TEXT NOT NULL,
    output    TEXT NOT NULL,
    PRIMARY KEY (phase, side)
) STRICT;

-- name: all
SELECT * FROM phase_gate ORDER BY phase, side;

-- name: keep
INSERT OR REPLACE INTO phase_gate (phase, side, at, commands, passed, work, command, exit_code, "commit", output)
VALUES (:phase, :side, :at, :commands, :passed, :work, :command, :exit_code, :commit, :output);
