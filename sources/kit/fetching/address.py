"""A file or paged JSON at an address, period by period where the address has one."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Collection
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from schemas.errors import Misuse, Refusal
from schemas.origin import Origin
from sources.kit.fetching import pages
from sources.kit.fetching.declared import MODIFIED, PLACEHOLDER, SECRET, Http, Periods
from sources.kit.fetching.fetched import Fetched, Nothing, Secrets, digest
from sources.kit.fetching.server import MEGABYTE, Answer, requests_of
from sources.kit.landing import owner_only, require_file

_GONE = (404, 410)


def fetch(
    source_id: str, declared: Http, period: str | None, secrets: Secrets, known: Origin | None, folder: Path
) -> Fetched | Nothing:
    """Fetch what is at an address.

    Args:
        source_id: The source.
        declared: What it declares of the address.
        period: The period to fetch, where the address has one.
        secrets: Gives the values of secrets.
        known: Origin of the last delivery from there, so that an unchanged file is not sent again; None asks for it
            in any case.
        folder: Where the file is made.

    Returns:
        The file; or that nothing is new, or that a period is not there yet.

    Raises:
        Misuse: The server cannot be reached, lets us not in, or sends us elsewhere.
        Refusal: What it sends is no such file.
    """
    shown = place(declared, period)
    url = _filled(declared.address, period, secrets)
    question = asked(declared, period)
    partial = folder / ".part"
    with requests_of(declared, secrets) as requests, open(partial, "w+b", opener=owner_only) as sink:
        if declared.pages:
            answer = pages.collect(requests, declared, declared.pages, url, shown, sink)
        else:
            conditions = _conditions(known) if known and known.question == question else {}
            limit = declared.largest_mb * MEGABYTE
            answer = requests.read_into(sink, url, shown, limit, conditions)
        sink.flush()
        os.fsync(sink.fileno())
    if answer.status == 304:
        return Nothing.new
    if answer.status in _GONE:
        if period:
            return Nothing.there
        raise Misuse(
            f"there is nothing at the address (status {answer.status})",
            where=shown,
            how="open it in a browser; if it has moved, correct fetch: http: address",
            code="no_address",
        )
    _require_something(partial, shown)
    path = folder / _name(source_id, declared, period, answer)
    partial.replace(path)
    tag, changed = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
    return Fetched(path, Origin(shown, question, etag=tag, last_modified=changed))


def _require_something(path: Path, shown: str) -> None:
    """Refuse an empty body, by the address from which it came.

    Raises:
        Refusal: There is nothing in it.
    """
    try:
        require_file(path)
    except Refusal as empty:
        how = "open the address in a browser; if nothing comes there either, ask the provider"
        raise Refusal(
            f"what the server sends is no delivery: {empty.what}", where=shown, how=how, code=empty.code
        ) from None


def asked(declared: Http, period: str | None) -> str:
    """What is asked for, as a digest."""
    said = declared.pages.model_dump(mode="json") if declared.pages else None
    return digest(place(declared, period), declared.headers, said)


def place(declared: Http, period: str | None) -> str:
    """The address of a period; secrets stay names."""
    return _filled(declared.address, period, None)


def wanted(periods: Periods, fetched: Collection[str], today: dt.date) -> list[str]:
    """The periods to ask for: those that were not loaded yet, and the newest again.

    Args:
        periods: The declared periods.
        fetched: Those that were loaded.
        today: The day on which is asked: a period is there once it is over.
    """
    every = _every(periods, today)
    again = set(every[-periods.recheck :]) if periods.recheck else set()
    return [period for period in every if period not in fetched or period in again]


def _every(periods: Periods, today: dt.date) -> list[str]:
    monthly = "-" in periods.first
    last_over = today.replace(day=1) - dt.timedelta(days=1)
    end = periods.until or (f"{last_over:%Y-%m}" if monthly else f"{today.year - 1}")
    if not monthly:
        return [str(year) for year in range(int(periods.first), int(end) + 1)]
    first, last = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (periods.first, end))
    return [f"{month // 12}-{month % 12 + 1:02}" for month in range(first, last + 1)]


def _filled(template: str, period: str | None, secrets: Secrets | None) -> str:
    """An address with its period and, where they may be had, its secrets."""
    year, _, month = (period or "").partition("-")

    def value(found: re.Match[str]) -> str:
        secret = SECRET.fullmatch(found[1])
        if secret is None:
            return year if found[1] == "year" else month
        return quote(secrets(secret[1]).strip(), safe="") if secrets else found[0]

    return PLACEHOLDER.sub(value, template)


def _conditions(known: Origin) -> dict[str, str]:
    """Headers by which a server sends nothing if the file is as it was."""
    given = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in given.items() if value}


def _name(source_id: str, declared: Http, period: str | None, answer: Answer) -> str:
    """The name of the delivery."""
    if declared.name is None:
        last = unquote(urlsplit(place(declared, period)).path.rpartition("/")[2])
        name = re.sub(r"[^\w .()+-]", "_", last).strip(" .") if "{" not in last else ""
        return name or f"{source_id}{'.ndjson' if declared.pages else ''}"
    name = declared.name
    if f"{{{MODIFIED}}}" in name:
        name = name.replace(f"{{{MODIFIED}}}", _modified(answer, place(declared, period)))
    return _filled(name, period, None)


def _modified(answer: Answer, shown: str) -> str:
    try:
        return parsedate_to_datetime(answer.headers["Last-Modified"]).date().isoformat()
    except (KeyError, ValueError):
        raise Refusal(
            "the server does not say when the file was changed, and its name needs the date",
            where=shown,
            how=f"take {{{MODIFIED}}} out of fetch: http: name",
            code="no_edition",
        ) from None
