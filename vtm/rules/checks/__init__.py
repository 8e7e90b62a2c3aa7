"""One file per code: `BLOCKED::EMPTY-AC` is judged by `blocked_empty_ac.py`."""
