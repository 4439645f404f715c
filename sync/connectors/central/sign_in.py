"""Getting a token for a name and a password, giving it back, and a new password."""

import orjson

from sync.connectors.faults import damaged, no_deskbell
from sync.connectors.session import Session
from sync.domain.errors import Denied, Rejected
from sync.domain.protocol import PASSWORD_PATH, TOKEN_PATH


class CentralSignIn:
    """Uses a Session without a token to sign in, one with a token to sign out."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def sign_in(self, name: str, password: str, device: str) -> str:
        """The token. Raises Denied for a wrong name or password, Offline with `retry_after` when slowed."""
        body = orjson.dumps({"name": name, "password": password, "device": device})
        try:
            octets = self._session.post(TOKEN_PATH, body)
        except Denied as error:
            raise Denied("Name or password is not right. Try again, or ask your administrator.") from error
        except Rejected as error:
            if error.reason == "notFound":
                raise no_deskbell(self._session.host) from error
            raise
        try:
            token = orjson.loads(octets)["token"]
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise no_deskbell(self._session.host) from error
        if not isinstance(token, str) or not token:
            raise damaged(self._session.host)
        return token

    def sign_out(self) -> None:
        """Give the token back. Raises Offline, Denied (it was gone already)."""
        self._session.delete(TOKEN_PATH)

    def change_password(self, old: str, new: str) -> None:
        """One's own password; the other computers of this person are signed out.

        Raises Rejected `wrongPassword` or `invalidProperties`, Denied, Offline with `retry_after` when slowed.
        """
        self._session.post_nothing(PASSWORD_PATH, orjson.dumps({"old": old, "new": new}))
