"""Requests to a server that may be slow, busy, broken or elsewhere: what is tried again, and what is told in the end.

Bytes are taken only where all of them came: a body that breaks off is asked for anew from its beginning. Redirects are
followed here, since a request with secrets goes to no other host than the declared one. Messages show the address as it
is declared, without the values of secrets, and nothing of what libraries say, which may hold them.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urljoin, urlsplit

from schemas.errors import Misuse, Refusal
from sources.kit.fetching.declared import Http
from sources.kit.fetching.encoded import Body, CutOff
from sources.kit.fetching.fetched import Secrets

if TYPE_CHECKING:
    from requests import Response, Session
    from urllib3.util.retry import Retry

CHUNK = 1 << 18
MEGABYTE = 1_000_000
#: Longest pauses between attempts: of our own choosing, and of the server's (Retry-After).
PAUSE, SERVERS_PAUSE = 60.0, 120.0
_BUSY = frozenset({429, 500, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_CONNECT_SECONDS = 15.0
_WEB_PAGE = ("text/html", "application/xhtml+xml")
_PORTS = {"http": 80, "https": 443}
_ASK = "ask the provider for the right address"


@dataclass(frozen=True)
class Answer:
    """The head of an answer whose body was read, or that has none (status 304, 404, 410)."""

    status: int
    headers: Mapping[str, str] = field(repr=False)


class _Broken(Exception):
    """The body broke off."""


class _AskedToWait(Exception):
    """The server asks to be left alone for longer than we wait; its argument says how many seconds."""


class Requests:
    """The requests of one fetch, all within its time."""

    def __init__(self, declared: Http, secrets: Secrets, session: Session) -> None:
        self._declared = declared
        self._session = session
        self._secret = {name: _sendable(secret, secrets) for name, secret in declared.secret_headers.items()}
        self._end = time.monotonic() + declared.within

    def read_into(
        self, sink: BinaryIO, url: str, shown: str, limit: int, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Read what is at an address into a file.

        Args:
            sink: The file; it holds all of the body at the end, or nothing that counts.
            url: The address.
            shown: The address as messages show it.
            limit: Greatest number of bytes.
            headers: Further headers.

        Raises:
            Misuse: The server cannot be reached, lets us not in, or sends us elsewhere.
            Refusal: What it sends is no such file, or too large.
        """
        for attempt in range(self._declared.attempts):
            sink.seek(0)
            sink.truncate()
            try:
                with self._opened(url, shown, headers or {}) as response:
                    if response.status_code == 200:
                        self._require_type(response, shown)
                        self._copy(response, sink, shown, limit)
                    return Answer(response.status_code, response.headers)
            except _Broken:
                if attempt + 1 < self._declared.attempts:
                    self._pause(min(2.0**attempt, PAUSE), shown)
        raise _unreachable(shown, "the connection breaks off again and again before the end of the file")

    @contextmanager
    def _opened(self, url: str, shown: str, headers: Mapping[str, str]) -> Iterator[Response]:
        """The answer of the server to which redirects lead."""
        target = url
        for _ in range(_MOST_REDIRECTS + 1):
            own = self._secret if _same_host(target, self._declared.address) else {}
            with self._get(target, shown, {**self._declared.headers, **own, **headers}) as response:
                if response.status_code not in _MOVED:
                    _require_status(response.status_code, shown, bool(self._secret))
                    yield response
                    return
                target = self.followed(target, response.headers.get("Location", ""), shown)
        raise Misuse(
            "the server sends us from one address to the next and never to a file",
            where=shown,
            how="open the address in a browser, and declare the one at which it ends",
            code="redirect",
        )

    def followed(self, url: str, link: str, shown: str) -> str:
        """The address to which a link leads, if we may go there.

        Raises:
            Misuse: It is on another host that is not declared, or less protected.
        """
        try:
            return self._followed(url, urljoin(url, link), shown)
        except ValueError:  # such as a port that is no number
            raise _led_astray("to what is no address", shown, _ASK) from None

    def _followed(self, url: str, found: str, shown: str) -> str:
        before, after = urlsplit(url), urlsplit(found)
        if after.hostname == before.hostname and (before.scheme, after.scheme) == ("https", "http"):
            # servers behind a proxy often do not know that they are reached by https
            after = after._replace(scheme="https")
        if after.scheme not in _PORTS or not after.hostname:
            raise _led_astray("to what is no address", shown, _ASK)
        found = after.geturl()
        if not _same_host(found, self._declared.address) and after.hostname not in self._declared.redirects:
            how = f"if that is right, declare redirects: [{after.hostname}]; else ask the provider for the address"
            raise _led_astray(f"to another host, {after.hostname}", shown, how)
        if before.scheme == "https" and after.scheme == "http":
            raise _led_astray("from https to http, where others can read along", shown, _ASK)
        return found

    def _get(self, url: str, shown: str, headers: Mapping[str, str]) -> Response:
        import requests

        self._require_time(shown)
        waits = (min(_CONNECT_SECONDS, self._declared.timeout), self._declared.timeout)
        try:
            return self._session.get(
                url,
                headers=headers,
                stream=True,
                allow_redirects=False,
                timeout=waits,
            )
        except _AskedToWait as wish:
            raise _unreachable(shown, f"it asks to come back in {wish.args[0]:,.0f} seconds") from None
        except requests.exceptions.SSLError:
            raise _unreachable(shown, "its certificate is not trusted") from None
        except requests.exceptions.ProxyError:
            raise _unreachable(shown, "the proxy does not let us through") from None
        except requests.exceptions.Timeout:
            raise _unreachable(shown, "it does not answer in time") from None
        except ValueError:  # also of requests itself, which looks at where a redirect leads
            raise _unreachable(
                shown, "with its secrets filled in, or where it leads, it is no address"
            ) from None
        except requests.exceptions.RequestException as error:
            raise _unreachable(shown, _why(error)) from None

    def _copy(self, response: Response, sink: BinaryIO, shown: str, limit: int) -> None:
        stated = response.headers.get("Content-Length", "")
        if stated.isdecimal() and int(stated) > limit:
            raise _too_large(shown, limit)
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if not Body.reads(encoding):
            raise _packed(encoding, shown)
        size = 0
        for piece in self._pieces(response, Body(encoding, CHUNK), shown):
            size += len(piece)
            if size > limit:
                raise _too_large(shown, limit)
            sink.write(piece)

    def _pieces(self, response: Response, body: Body, shown: str) -> Iterator[bytes]:
        """What is in the body of an answer, up to its end."""
        from urllib3.exceptions import HTTPError

        try:
            while came := response.raw.read1(CHUNK, decode_content=False):
                for piece in body.unpacked(came):
                    self._require_time(shown)
                    yield piece
            body.end()
        except (HTTPError, OSError, CutOff):
            raise _Broken from None

    def _require_type(self, response: Response, shown: str) -> None:
        said = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        wanted = [kind.lower() for kind in self._declared.content_type]
        if (said in wanted) if wanted else (said not in _WEB_PAGE):
            return
        page = "a web page" if said in _WEB_PAGE else "something else"
        raise Refusal(
            f"the server sends {page} ({said or 'without a content type'}) in place of the file",
            where=shown,
            how="open the address in a browser: it may ask to sign in, or have moved"
            + (f"; if it is the file, add {said} to content_type" if wanted and said else ""),
            code="content_type",
        )

    def _pause(self, seconds: float, shown: str) -> None:
        self._require_time(shown, seconds)
        time.sleep(seconds)

    def _require_time(self, shown: str, seconds: float = 0) -> None:
        if time.monotonic() + seconds > self._end:
            raise _unreachable(shown, f"it takes longer than {self._declared.within:g} seconds")


@contextmanager
def requests_of(declared: Http, secrets: Secrets) -> Iterator[Requests]:
    """Requests as ``source.yml`` declares them; a busy server is given time."""
    import requests
    from requests.adapters import HTTPAdapter

    patient = _patience(declared.attempts - 1)
    log = logging.getLogger("urllib3")
    heard, log.propagate = log.propagate, False  # it would write addresses with their secrets
    try:
        with requests.Session() as session:
            # a login of the machine's .netrc is not meant for this
            session.auth = lambda request: request
            session.headers.update({"User-Agent": "siprev", "Accept-Encoding": "identity", "Accept": "*/*"})
            for scheme in _PORTS:
                session.mount(f"{scheme}://", HTTPAdapter(max_retries=patient))
            yield Requests(declared, secrets, session)
    finally:
        log.propagate = heard


def _patience(again: int) -> Retry:
    """When a server is asked again, and after which pause; a pause that is too long ends it."""
    from urllib3.response import BaseHTTPResponse
    from urllib3.util.retry import Retry

    class Patience(Retry):
        def sleep_for_retry(self, response: BaseHTTPResponse) -> bool:
            wished = self.get_retry_after(response) or 0
            if wished > SERVERS_PAUSE:
                raise _AskedToWait(wished)
            return super().sleep_for_retry(response)

    return Patience(
        total=again,
        redirect=0,
        status_forcelist=_BUSY,
        allowed_methods={"GET"},
        backoff_factor=1,
        backoff_max=PAUSE,
        raise_on_status=False,
    )


def _sendable(secret: str, secrets: Secrets) -> str:
    value = secrets(secret).strip()
    if not value.isprintable() or not value.isascii():
        raise Misuse(
            f"the secret {secret} cannot be sent in a header",
            where="fetch: http: secret_headers",
            how="keep it as one line of plain letters, digits and signs",
            code="secret",
        )
    return value


def _same_host(one: str, other: str) -> bool:
    """Whether two addresses are of one server, or of its encrypted door."""
    a, b = urlsplit(one), urlsplit(other)
    if a.hostname != b.hostname:
        return False
    ports = [part.port or _PORTS.get(part.scheme) for part in (a, b)]
    return ports[0] == ports[1] or {*ports} == {*_PORTS.values()}


def _require_status(status: int, shown: str, with_secret: bool) -> None:
    if status in (200, 304, 404, 410):
        return
    what, how = (
        f"the server answers with status {status}",
        "open the address in a browser, or ask the provider",
    )
    if status in (401, 403, 407):
        what = f"the server does not let us in (status {status})"
        how = (
            "check the value of the secret, and whether it has expired"
            if with_secret
            else "declare what it asks for as secret_headers, for example {Authorization: name}"
        )
    elif status in _BUSY:
        what = f"the server is busy or broken (status {status}), also after several attempts"
        how = "run the command again later"
    raise Misuse(what, where=shown, how=how, code="unreachable")


def _why(error: Exception) -> str:
    """What a failed connection means, by the kinds of errors behind it: their words may hold secrets."""
    kinds: set[str] = set()
    found: BaseException | None = error
    while found is not None and len(kinds) < 20:
        kinds.add(type(found).__name__)
        inner = getattr(found, "reason", None) or next(
            (a for a in found.args if isinstance(a, BaseException)), None
        )
        found = inner if isinstance(inner, BaseException) else found.__cause__ or found.__context__
    if "NameResolutionError" in kinds:
        return "its name is not known"
    if kinds & {"ConnectTimeoutError", "ReadTimeoutError"}:
        return "it does not answer in time"
    if kinds & {"RemoteDisconnected", "ProtocolError", "ConnectionResetError"}:
        return "it breaks off the connection"
    return "nothing answers there"


def _unreachable(shown: str, why: str) -> Misuse:
    return Misuse(
        f"the address cannot be fetched: {why}",
        where=shown,
        how="check the address and the network, and run the command again",
        code="unreachable",
    )


def _led_astray(whither: str, shown: str, how: str) -> Misuse:
    return Misuse(f"the server sends us {whither}", where=shown, how=how, code="redirect")


def _packed(encoding: str, shown: str) -> Misuse:
    return Misuse(
        f"the server packs the file in a way that was not asked for and is not read ({encoding!r})",
        where=shown,
        how="ask the provider to send it as it is, or packed with gzip",
        code="encoding",
    )


def _too_large(shown: str, limit: int) -> Refusal:
    return Refusal(
        f"the file is larger than {limit / MEGABYTE:,.0f} MB",
        where=shown,
        how="open the address in a browser to see what it is; if it is the file, declare a greater largest_mb",
        code="too_large",
    )
