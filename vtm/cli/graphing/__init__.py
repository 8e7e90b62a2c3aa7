"""The commands of `vtm graph`, one file each."""
