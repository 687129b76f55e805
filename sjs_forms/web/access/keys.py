"""One-time links, and the cookies for which they are exchanged."""

import secrets
import threading
from hashlib import sha256
from hmac import compare_digest

_MAX_LINKS = 20


class Keys:
    """The secrets of one run of the server, stored as hashes in memory. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._links: list[bytes] = []
        self._cookies: set[bytes] = set()
        self.secret = secrets.token_urlsafe(32)
        """The secret with which a second start by this user requests a link."""

    def new_link(self) -> str:
        """Return a token that opens the page once. Only the newest few are valid."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._links = [*self._links, _hash(token)][-_MAX_LINKS:]
        return token

    def exchange(self, token: str) -> str | None:
        """Return a cookie for an unused token, or None for any other text."""
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
        """Return whether a text is the secret of this run."""
        return compare_digest(_hash(given), _hash(self.secret))

    def has_issued(self, cookie: str) -> bool:
        """Return whether a cookie was issued by this run."""
        with self._lock:
            return _hash(cookie) in self._cookies


def _hash(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
