"""Commands that give out tasks in waves, one file each."""
