"""Gates that are passed over by name."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from vtm.errors import WrongUsageError
from vtm.model.event import Details
from vtm.model.finding import CONFLICTS, Finding, Severity


class Override(NamedTuple):
    """Codes that are passed over by name, and why."""

    codes: Sequence[str] = ()
    reason: str = ""

    def checked(self) -> "Override":
        """Itself.

        Raises:
            WrongUsageError: A code cannot be passed over, or there is no reason.
        """
        for code in self.codes:
            if code.startswith(CONFLICTS):
                raise WrongUsageError(
                    f"{code} cannot be overridden", code="USAGE", fix="wait until the lease is over"
                )
        if self.codes and not self.reason.strip():
            raise WrongUsageError("--allow needs a reason", code="EMPTY-REASON", fix="say --reason TEXT")
        return self

    def applied(self, findings: Sequence[Finding]) -> list[Finding]:
        """`findings`, in which those that are passed over only warn."""
        return [
            replace(each, blocking=False, severity=Severity.WARNING) if self._names(each) else each
            for each in findings
        ]

    def used(self, findings: Sequence[Finding]) -> tuple[str, ...]:
        """Codes of those of `findings` that it passes over."""
        return tuple(dict.fromkeys(each.code for each in findings if each.blocking and self._names(each)))

    def noted(self, details: Details, findings: Sequence[Finding]) -> Details:
        """`details` with what it passes over of `findings`, and why."""
        used = self.used(findings)
        return replace(details, allowed=used, reason=self.reason) if used else details

    def _names(self, finding: Finding) -> bool:
        return any(finding.code == code or finding.code.startswith(f"{code}::") for code in self.codes)


NO_OVERRIDE = Override()
