"""The repository's own configuration and hooks."""

from pathlib import Path

from vtm.git.calling import Git


class Registration:
    """Configuration and hooks of the repository at `top`."""

    def __init__(self, top: Path) -> None:
        self._git = Git.at(top)
        self._top = top

    def setting(self, key: str) -> str | None:
        """The value that is in force; None where it is not set.

        Raises:
            ExternalError: Git cannot answer.
        """
        return self._git.asked("config", "--get", key)

    def set(self, key: str, value: str) -> None:
        """Set it for this repository.

        Raises:
            ExternalError: Git refuses.
        """
        self._git.raw("config", "--local", key, value)

    def hooks(self) -> Path:
        """The folder in which git looks for hooks.

        Raises:
            ExternalError: Git cannot answer.
        """
        return self._top / self._git.text("rev-parse", "--git-path", "hooks")
