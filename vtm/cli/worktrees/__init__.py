"""Commands of `vtm worktree`, one file each."""
