"""Installs parts in a worktree, and takes them back."""

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pkgutil import iter_modules

from msgspec.structs import replace

from vtm.app.app import App
from vtm.integrations.install import clients
from vtm.integrations.install.part import LeftError, Part
from vtm.integrations.install.place import Place
from vtm.integrations.install.record import NAME, Entry, Record, digest
from vtm.queries.installed import AgentFile, AgentsInstalled
from vtm.stores.durable import NotWrittenError


def client_names() -> list[str]:
    """The clients that something can be installed for, found by the names of their files."""
    return sorted(each.name.replace("_", "-") for each in iter_modules(clients.__path__))


def parts_of(client: str) -> list[Part]:
    """What is installed for a client."""
    return list(import_module(f"{clients.__name__}.{client.replace('-', '_')}").parts())


def installed(app: App, names: Sequence[str], *, dry_run: bool) -> AgentsInstalled:
    """Install everything for these clients; what is there already stays, and so does what people wrote.

    Raises:
        ExternalError: A file cannot be written.
    """
    return _done(app, names, _Desk.install, removed=False, dry_run=dry_run)


def uninstalled(app: App, names: Sequence[str], *, dry_run: bool) -> AgentsInstalled:
    """Take back what was installed for these clients, and nothing else.

    Raises:
        ExternalError: A file cannot be written.
    """
    return _done(app, names, _Desk.uninstall, removed=True, dry_run=dry_run)


def _done(
    app: App,
    names: Sequence[str],
    step: "Callable[[_Desk, Part, str], AgentFile]",
    *,
    removed: bool,
    dry_run: bool,
) -> AgentsInstalled:
    chosen = list(dict.fromkeys(names))
    desk = _Desk(Place(app.project.work), Record.of(app), dry_run=dry_run)
    files: dict[str, AgentFile] = {}
    for each in desk.each(chosen, step):
        if each.path not in files or each.done != "kept":  # clients may share a file
            files[each.path] = replace(each, by_hand="") if removed else each
    return AgentsInstalled(app.project.work.as_posix(), chosen, removed, dry_run, list(files.values()))


class _Desk:
    """Where one part after the other is dealt with."""

    def __init__(self, place: Place, record: Record, *, dry_run: bool) -> None:
        self._place = place
        self._record = record
        self._dry_run = dry_run
        self._emptied: list[str] = []

    def each(
        self, names: Sequence[str], step: "Callable[[_Desk, Part, str], AgentFile]"
    ) -> Iterator[AgentFile]:
        """What becomes of each file; what is remembered of it is written in any case.

        Raises:
            NotWrittenError: A file cannot be written, or what is remembered.
        """
        try:
            for name in names:
                for part in parts_of(name):
                    try:
                        yield step(self, part, name)
                    except LeftError as left:
                        yield AgentFile(self._path(part), "left", left.message, left.by_hand)
                    except OSError as error:
                        raise _refused(self._path(part), error) from None
            self._place.remove_folders(self._emptied)
        finally:
            self._remember()

    def install(self, part: Part, client: str) -> AgentFile:
        """Add a part to its file."""
        path = self._path(part)
        now, entry = self._place.read(path), self._record.entries.get(path)
        untouched = entry is not None and entry.is_of(now)
        after = part.added(entry.before if entry and untouched else now)
        if entry and client not in entry.clients:
            entry = Entry(entry.before, entry.after, (*entry.clients, client), entry.folders)
            self._record.entries[path] = entry
        if after == now:
            return AgentFile(path, "kept")
        if not self._dry_run:
            folders = self._place.write(path, after)
            before = entry.before if entry and untouched else _without(part, now)
            known = entry or Entry(before, "", (client,))
            self._record.entries[path] = Entry(
                before, digest(after), known.clients, (*known.folders, *folders)
            )
        return AgentFile(path, "created" if now is None else "changed")

    def uninstall(self, part: Part, client: str) -> AgentFile:
        """Take a part out of its file, unless another client needs it too."""
        path = self._path(part)
        now, entry = self._place.read(path), self._record.entries.get(path)
        others = [each for each in entry.clients if each != client] if entry else []
        if entry and others:
            self._record.entries[path] = Entry(entry.before, entry.after, tuple(others), entry.folders)
            return AgentFile(path, "kept", f"also for {', '.join(others)}")
        if now is None:
            self._forget(path)
            return AgentFile(path, "kept")
        after = entry.before if entry and entry.is_of(now) else part.removed(now)
        if after == now:
            self._forget(path)
            return AgentFile(path, "kept")
        if not self._dry_run:
            self._put(path, after, entry)
        return AgentFile(path, "removed" if after is None else "changed")

    def _remember(self) -> None:
        if self._dry_run:
            return
        try:
            self._record.save()
        except OSError as error:
            raise _refused(f"{NAME} in the folder of vtm", error) from None

    def _put(self, path: str, after: bytes | None, entry: Entry | None) -> None:
        if after is not None:
            self._place.write(path, after)
        else:
            self._place.remove(path)
            parents = [path[:at] for at, char in enumerate(path) if char == "/"]
            self._emptied += entry.folders if entry else parents
        self._forget(path)

    def _forget(self, path: str) -> None:
        if not self._dry_run:
            self._record.entries.pop(path, None)

    def _path(self, part: Part) -> str:
        name = part.other if part.other and self._place.has(part.other) else part.path
        return self._place.real(name)


def _without(part: Part, now: bytes | None) -> bytes | None:
    """What people have in a file: an older or changed form of the part is none of that."""
    return None if now is None else part.removed(now)


def _refused(path: str, error: OSError) -> NotWrittenError:
    reason = (error.strerror or "it failed").lower()
    fix = "make its folder writable and run it again; what was done before stays"
    return NotWrittenError(f"{path} cannot be written: {reason}", code="NOT-WRITTEN", path=path, fix=fix)
