"""Batches of rows scored by the workers of a Dask cluster, on as many machines as it has; the answers come in order.

Each worker must have this very product installed: what it would compute otherwise could differ in the last bit, so a
cluster with other sources is refused before a row is scored.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, cast

from core.errors import FileError, SettingsError
from core.services.lead_files.file_rows import FileTerms, ScoredBatch, score_rows
from core.settings import PROJECT_ROOT
from core.words import counted

if TYPE_CHECKING:
    from core.transfer import Row

IN_FLIGHT: Final = 3  # batches a thread of the cluster: the way there and back is longer than to a process here
CONNECT_S: Final = 10
SOURCES: Final = ("features", "scoring", "transfer", "commission", "leads", "services")
INSTALL: Final = "install it with: pip install 'jorge[cluster]'"


class Cluster:
    """The cluster whose scheduler is at ``address`` (tcp://host:8786); leave the ``with`` block to let it go.

    Raises SettingsError for a scheduler that does not answer, without workers, or whose workers differ from us.
    """

    def __init__(self, file: FileTerms, address: str) -> None:
        try:
            from distributed import Client
            from distributed.comm.addressing import get_address_host_port
        except ImportError as error:
            raise SettingsError(f"--scheduler needs the package distributed; {INSTALL}") from error
        try:
            checked: Any = get_address_host_port  # which has no types, as the next
            checked(address)  # of what is no address a Client would stay behind, which cannot be closed
            connect: Any = Client
            self._client = connect(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise SettingsError(
                f"--scheduler {address[:200]!r} does not answer; give the address that `dask scheduler` prints"
            ) from error
        self.threads = sum(self._client.nthreads().values())
        try:
            self._check(address)
            self._file = self._client.scatter(file, broadcast=True, hash=False)
        except BaseException:
            self._client.close()
            raise

    def _check(self, address: str) -> None:
        if not self.threads:
            raise SettingsError(f"the cluster has no worker; start some: dask worker {address[:200]}")
        other = [name for name, found in self._client.run(fingerprint).items() if found != fingerprint()]
        if other:
            have = counted(len(other), "worker of the cluster has", "workers of the cluster have")
            raise SettingsError(
                f"{have} another version of this product ({other[0]}); "
                "install the same one everywhere, so that results are the same to the bit"
            )

    def score(self, batches: Iterable[Sequence[Row]]) -> Iterator[ScoredBatch]:
        """Yield the answer to each batch, in the order of ``batches``, of which only a few are taken ahead.

        A batch whose worker is lost is scored again by another. Raises FileError when the cluster is gone, and what
        ``score_rows`` raised.
        """
        waiting: deque[Any] = deque()
        for batch in batches:
            waiting.append(self._client.submit(score_rows, self._file, batch, pure=False))
            if len(waiting) == IN_FLIGHT * self.threads:
                yield self._answer(waiting.popleft())
        while waiting:
            yield self._answer(waiting.popleft())

    def _answer(self, asked: Any) -> ScoredBatch:
        from concurrent.futures import CancelledError

        from distributed import KilledWorker

        try:
            return cast(ScoredBatch, asked.result())
        except (KilledWorker, CancelledError, OSError) as error:
            raise FileError(
                "The cluster that scores the file's rows was lost, or its workers died over one batch, perhaps because "
                "memory ran out; nothing was written. Look at the scheduler's page, then score the file again."
            ) from error

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()


@cache
def fingerprint() -> str:
    """A digest of the sources that a score of a row depends on, and of the numbers' library."""
    import numpy as np

    digest = sha256(np.__version__.encode())
    for part in SOURCES:
        for path in sorted((Path(PROJECT_ROOT) / "core" / part).rglob("*.py")):
            digest.update(path.relative_to(PROJECT_ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
