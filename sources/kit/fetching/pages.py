"""Paged JSON as one file with a record a line (NDJSON): all pages, or nothing."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from typing import Any, BinaryIO
from urllib.parse import parse_qsl, urlencode, urlsplit

from schemas.errors import Refusal
from sources.kit.fetching.declared import Http, Pages
from sources.kit.fetching.server import MEGABYTE, Answer, Requests

#: Largest page, in bytes: it is parsed in memory.
_PAGE = 64 * MEGABYTE
_MOST_PAGES = 100_000
_GONE = (404, 410)


def collect(requests: Requests, declared: Http, pages: Pages, url: str, shown: str, sink: BinaryIO) -> Answer:
    """Read all pages and write their records.

    Args:
        requests: The requests of the fetch.
        declared: What is declared of the address.
        pages: What is declared of its pages.
        url: Address of the first page.
        shown: The address as messages show it.
        sink: Where the records go.

    Returns:
        That all is there, or that the first page is not.

    Raises:
        Misuse: As ``Requests.read_into``.
        Refusal: A page is no JSON or has no records, pages come in a circle, or another number of records came than
            the server says.
    """
    turning = _Turning(pages, url)
    records = total = 0
    for number in range(1, _MOST_PAGES + 1):
        at = f"{shown}, page {number}"
        body = io.BytesIO()
        answer = requests.read_into(body, turning.url, at, _PAGE, {"Accept": "application/json"})
        if answer.status in _GONE and number == 1:
            return answer
        if answer.status in _GONE and pages.number:
            break  # some servers have no page after the last
        if answer.status != 200:
            raise _refused("the page is not there any more", at, "run the command again", "page_missing")
        page = _parsed(body.getvalue(), at)
        found = _records(page, pages.records, at)
        if pages.total:
            total = _total(page, pages.total, at)
        records += _write(found, sink, at)
        if sink.tell() > declared.largest_mb * MEGABYTE:
            how = "if that is right, declare a greater largest_mb"
            raise _refused(f"the pages are larger than {declared.largest_mb:,} MB", shown, how, "too_large")
        if not turning.on(page, found, body.getvalue(), at, requests):
            break
    else:
        raise _circle(shown)
    if pages.total and records != total:
        what = f"the server says that there are {total:,} records, and {records:,} came"
        raise _refused(
            what, shown, "run the command again; if it stays so, ask the provider", "control_total"
        )
    if not records:
        how = "check fetch: http: pages: records, and ask the provider whether there is nothing to report"
        raise _refused("the address gives no record: that is not a report of zero", shown, how, "no_rows")
    return Answer(200, {})


class _Turning:
    """Finds the next page, and notices where pages come in a circle."""

    def __init__(self, pages: Pages, url: str) -> None:
        self._pages = pages
        self._base = url
        self._number = pages.number.first if pages.number else 0
        self._seen: set[str] = set()
        self.url = _with(url, pages.number.parameter, self._number) if pages.number else url

    def on(self, page: Any, found: Sequence[Any], body: bytes, at: str, requests: Requests) -> bool:
        """Turn to the next page, if there is one."""
        pages = self._pages
        if pages.number:
            if not found:
                return False
            self._once(hashlib.sha256(body).hexdigest(), at)
            self._number += pages.number.step
            self.url = _with(self._base, pages.number.parameter, self._number)
            return True
        mark = _at(page, pages.cursor.source if pages.cursor else pages.next or [])
        if mark in (None, "", False):
            return False
        if not isinstance(mark, str | int):
            raise _refused("what leads to the next page is neither text nor number", at, _OF_KEYS, "page")
        self._once(str(mark), at)
        if pages.cursor:
            self.url = _with(self._base, pages.cursor.parameter, mark)
        else:
            self.url = requests.followed(self.url, str(mark), at)
        return True

    def _once(self, what: str, at: str) -> None:
        if what in self._seen:
            raise _circle(at)
        self._seen.add(what)


_OF_KEYS = "look at the page in a browser, and correct the keys under fetch: http: pages"


def _with(url: str, parameter: str, value: str | int) -> str:
    """An address with a value for a parameter."""
    parts = urlsplit(url)
    others = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k != parameter]
    return parts._replace(query=urlencode([*others, (parameter, value)])).geturl()


def _parsed(body: bytes, at: str) -> Any:
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _refused(
            "the page is no JSON", at, "run the command again; if it stays so, ask the provider", "page"
        ) from None


def _no_number(constant: str) -> Any:
    raise ValueError(constant)


def _at(page: Any, keys: Sequence[str]) -> Any:
    """What stands under some keys; None where there is nothing."""
    for key in keys:
        page = page.get(key) if isinstance(page, dict) else None
    return page


def _records(page: Any, keys: Sequence[str] | None, at: str) -> Sequence[Any]:
    found = _at(page, keys) if keys else page
    if not isinstance(found, list):
        what = (
            f"the page has no list of records under {'.'.join(keys)}"
            if keys
            else "the page is no list of records"
        )
        raise _refused(what, at, _OF_KEYS, "page")
    return found


def _total(page: Any, keys: Sequence[str], at: str) -> int:
    found = _at(page, keys)
    if isinstance(found, str) and found.isdecimal():
        return int(found)
    if isinstance(found, bool) or not isinstance(found, int):
        raise _refused(f"the page has no number of records under {'.'.join(keys)}", at, _OF_KEYS, "page")
    return found


def _write(records: Sequence[Any], sink: BinaryIO, at: str) -> int:
    for place, record in enumerate(records, start=1):
        if not isinstance(record, dict):
            raise _refused(f"record {place} is no object with keys", at, _OF_KEYS, "page")
    lines = "".join(f"{json.dumps(r, ensure_ascii=False, separators=(',', ':'))}\n" for r in records)
    try:
        sink.write(lines.encode())
    except UnicodeEncodeError:
        how = "ask the provider to mend it"
        raise _refused("a text of the page is cut in the middle of a letter", at, how, "page") from None
    return len(records)


def _circle(at: str) -> Refusal:
    how = "check how the next page is found (fetch: http: pages), and ask the provider"
    return _refused("the pages come in a circle, so that there is no last one", at, how, "page_loop")


def _refused(what: str, where: str, how: str, code: str) -> Refusal:
    return Refusal(what, where=where, how=how, code=code)
