"""The commands of `vtm checkpoint`, found by their file name."""
