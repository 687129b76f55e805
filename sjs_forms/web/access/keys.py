"""One-time links and the cookie that they are exchanged for."""

import secrets
import threading
from hashlib import sha256
from hmac import compare_digest

_MAX_LINKS = 20


class Keys:
    """The secrets of one run of the server; they are kept as hashes and end with it.

    Safe to use from several threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._links: list[bytes] = []
        self._cookies: set[bytes] = set()
        self.secret = secrets.token_urlsafe(32)
        """By which a second start of this user's asks for a link."""

    def new_link(self) -> str:
        """A token that opens the page once. Only the newest few stay valid."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._links = [*self._links, _hash(token)][-_MAX_LINKS:]
        return token

    def exchange(self, token: str) -> str | None:
        """The cookie for a token that was not used before; None for any other."""
        given = _hash(token)
        with self._lock:
            valid = next((each for each in self._links if compare_digest(each, given)), None)
            if valid is None:
                return None
            self._links.remove(valid)
            cookie = secrets.token_urlsafe(32)
            self._cookies.add(_hash(cookie))
        return cookie

    def is_secret(self, given: str) -> bool:
        """Whether this is the secret of this run."""
        return compare_digest(_hash(given), _hash(self.secret))

    def knows(self, cookie: str) -> bool:
        """Whether a cookie was given out by this run."""
        with self._lock:
            return _hash(cookie) in self._cookies


def _hash(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
