"""Sources that are fetched: asked for what has come since the last delivery, landed and taken in like any file.

What was fetched last is known by the deliveries themselves, so that a refused one, or a process that died, leaves
everything to be asked for again. The file that is fetched lies in the folder for temporary data until it is landed.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.progress import Progress
from pipelines.settings import Settings
from pipelines.steps import ingest as ingesting
from pipelines.steps.ingest import Delivered
from pipelines.steps.session import Session, writing
from schemas.errors import Misuse, Refusal
from schemas.origin import Origin
from sources.kit import discovery, landing
from sources.kit.discovery import Source
from sources.kit.fetching import address, database
from sources.kit.fetching.declared import Http
from sources.kit.fetching.fetched import Fetched, Nothing
from sources.kit.identifiers import no_master_key
from warehouse import batch as batches
from warehouse import origins
from warehouse.inputs import KnownDelivery


def fetch(
    settings: Settings,
    source_id: str,
    *,
    whole: bool = False,
    accept_drop: bool = False,
    progress: Progress | None = None,
    today: dt.date | None = None,
) -> list[Delivered]:
    """Fetch what one source has new, and take it in as a batch.

    Args:
        settings: Home, actor, bounds and secrets.
        source_id: The source.
        whole: Ask for everything, whatever was fetched before.
        accept_drop: A person has confirmed that slices may lose more than the tolerance.
        progress: Who is told what is going on.
        today: The day by which a period is over; the system's without it.

    Raises:
        Misuse: The source is unknown or declares no ``fetch``, or another process writes.
    """
    source = fetched_source(settings, source_id)
    with writing(settings, "ingest", progress) as session:
        return fetch_in(session, source, whole=whole, accept_drop=accept_drop, today=today)


def fetched_source(settings: Settings, source_id: str) -> Source:
    """A source that is fetched.

    Raises:
        Misuse: It is unknown, or is not fetched.
    """
    source = discovery.load(source_id, settings.sources)
    if source.specification.fetch is None:
        raise Misuse(
            f"{source_id} does not say where it is fetched, and no FILE is named",
            how="name the files that the provider has sent, or declare fetch: in its source.yml",
            code="not_fetched",
        )
    return source


def fetch_in(
    session: Session,
    source: Source,
    *,
    whole: bool = False,
    accept_drop: bool = False,
    today: dt.date | None = None,
) -> list[Delivered]:
    """Fetch what a source has new, inside a batch; what stands in the way of one source does not hold up others.

    Returns:
        What became of each file, or that there is nothing new; nothing for a source that is not fetched.
    """
    fetch = source.specification.fetch
    if fetch is None:
        return []
    declared = source.specification
    if declared.holds_personal_data and not declared.demo and not session.settings.keyring:
        missing = no_master_key(source.id)  # before anything is asked for that could not be kept
        return [Delivered(source.id, source.id, "blocked", refusal=missing)]
    fetching = _Fetching(session, source, whole=whole, accept_drop=accept_drop)
    if fetch.http is None:
        return [fetching.of_database()]
    delivered: list[Delivered] = []
    for period in _periods(session, source, fetch.http, today, whole=whole):
        delivered.append(fetching.of_address(fetch.http, period))
        if delivered[-1].status == "blocked":
            break  # what stands in the way of one period stands in the way of all
    return delivered


def fetch_for_a_look(settings: Settings, source: Source, folder: Path, today: dt.date | None = None) -> Path:
    """Fetch everything, or the newest period, into a folder; nothing of it is remembered.

    Raises:
        Misuse: It cannot be reached.
        Refusal: There is nothing, or what comes is no such file.
    """
    fetch = source.specification.fetch
    found: Fetched | Nothing = Nothing.there
    if fetch and fetch.database:
        found = database.fetch(
            source.specification, fetch.database, settings.secret, None, folder, settings.memory_limit
        )
    elif fetch and fetch.http:
        http = fetch.http
        periods = address.wanted(http.periods, (), today or _today()) if http.periods else [None]
        for period in reversed(periods):
            found = address.fetch(source.id, http, period, settings.secret, None, folder)
            if found is not Nothing.there:
                break
    if isinstance(found, Fetched):
        return found.path
    raise Refusal(
        "none of the periods is there",
        where=source.id,
        how="open the address in a browser, and correct fetch: http: address or periods",
        code="not_there",
    )


class _Fetching:
    """One source being fetched."""

    def __init__(self, session: Session, source: Source, *, whole: bool, accept_drop: bool) -> None:
        self._session = session
        self._source = source
        self._whole = whole
        self._accept_drop = accept_drop

    def of_database(self) -> Delivered:
        """What a database has new."""
        specification, settings = self._source.specification, self._session.settings
        fetch = specification.fetch.database if specification.fetch else None
        if fetch is None:
            raise TypeError(f"{self._source.id} is not fetched from a database")
        place = fetch.place
        before = origins.last(self._session.warehouse, self._source.id, place, loaded=True)
        known = before.origin if before and not self._whole else None
        with self._told(place) as told, self._folder() as folder:
            with self._session.progress.step(f"{self._source.id}: fetched from {place}"):
                found = database.fetch(
                    specification, fetch, settings.secret, known, folder, settings.memory_limit
                )
            told.append(self._taken_in(found, place))
        return told[-1]

    def of_address(self, fetch: Http, period: str | None) -> Delivered:
        """What an address has new."""
        place = address.place(fetch, period)
        before = origins.last(self._session.warehouse, self._source.id, place)
        # the bytes themselves are needed where the last ones are to be read again
        known = before.origin if before and not self._whole and not self._again(before.delivery) else None
        with self._told(place) as told, self._folder() as folder:
            with self._session.progress.step(f"{self._source.id}: fetched from {place}"):
                found = address.fetch(
                    self._source.id, fetch, period, self._session.settings.secret, known, folder
                )
            if found is Nothing.new and before and before.delivery.status == "refused":
                told.append(self._refused_before(before.delivery))
            else:
                told.append(self._taken_in(found, place))
        return told[-1]

    def _taken_in(self, found: Fetched | Nothing, place: str) -> Delivered:
        """What becomes of what was fetched; bytes that are known already are not landed again."""
        if isinstance(found, Nothing):
            return Delivered(self._source.id, place, found.value)
        session, source = self._session, self._source
        sha256 = landing.known_as(found.path, session.home.landing, source.id, session.safe(source))
        known = batches.known_delivery(session.warehouse, source.id, sha256)
        last = origins.last(session.warehouse, source.id, place, loaded=True)
        came_back = known is not None and last is not None and known.delivery_id < last.delivery.delivery_id
        if known and not self._again(known) and not (came_back and known.status == "loaded"):
            if known.status == "loaded":
                return Delivered(source.id, place, Nothing.new.value, sha256, known.delivery_id)
            return self._refused_before(known)
        return self._delivered(found.path, found.origin, anew=came_back)

    def _delivered(self, path: Path, origin: Origin, *, anew: bool) -> Delivered:
        return ingesting.deliver(
            self._session, self._source, [path], accept_drop=self._accept_drop, origin=origin, anew=anew
        )

    def _again(self, known: KnownDelivery) -> bool:
        """Whether bytes that came before are to be read again."""
        return ingesting.to_be_read(known, self._source, known.file_name, accept_drop=self._accept_drop)

    def _refused_before(self, known: KnownDelivery) -> Delivered:
        number, name = known.delivery_id, known.file_name
        refusal = ingesting.refused_before(number, known.refusal_code, name)
        return Delivered(self._source.id, name, "refused", delivery_id=number, refusal=refusal)

    @contextmanager
    def _told(self, place: str) -> Iterator[list[Delivered]]:
        """Collects what became of a fetch; what stops it is one of these."""
        told: list[Delivered] = []
        try:
            yield told
        except Refusal as refusal:
            told.append(Delivered(self._source.id, place, "refused", refusal=refusal))
        except Misuse as misuse:
            told.append(Delivered(self._source.id, place, "blocked", refusal=misuse))

    @contextmanager
    def _folder(self) -> Iterator[Path]:
        """A folder for the fetched file; should the process die, the next writer removes it."""
        with tempfile.TemporaryDirectory(prefix="fetched-", dir=self._session.home.temporary) as folder:
            yield Path(folder)


def _periods(
    session: Session, source: Source, http: Http, today: dt.date | None, *, whole: bool
) -> list[str] | list[None]:
    """The periods to ask for; None where the address has none."""
    if http.periods is None:
        return [None]
    every = address.wanted(http.periods, (), today or _today())
    if whole:
        return every
    loaded = origins.loaded_places(session.warehouse, source.id)
    there = [period for period in every if address.place(http, period) in loaded]
    return address.wanted(http.periods, there, today or _today())


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
