"""Files that vtm writes for a project."""
