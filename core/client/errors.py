"""Every error that the client raises.

::

    ClientError
    |-- Unreachable           no server answered, or not in time
    |-- BadAnswer             an answer that is not of this API
    `-- ApiError              the API refused; status, code, message, details and request id as it told them
        |-- Unauthenticated   401
        |-- Forbidden         403
        |-- NotFound          404
        |-- TooLarge          413
        |-- InvalidRequest    422
        |-- TooManyRequests   429; ``retry_after_s`` says how long to wait
        `-- Unavailable       503; ``retry_after_s`` too
"""

from __future__ import annotations

from typing import Any


class ClientError(Exception):
    """Base of every error below."""


class Unreachable(ClientError):
    """No server answered, or not in time. Whether a POST was carried out is not known then."""


class BadAnswer(ClientError):
    """Something answered that is not this API."""


class ApiError(ClientError):
    """The API refused. ``details`` name fields or the dependency that is down; tell ``request_id`` to who runs it."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        details: list[dict[str, Any]],
        request_id: str,
        retry_after_s: int | None = None,
    ) -> None:
        told = [one for one in details if isinstance(one, dict) and {"field", "problem"} <= one.keys()]
        fields = "; ".join(f"{one['field']}: {one['problem']}" for one in told)
        super().__init__(f"{status} {code}: {message}" + (f" [{fields}]" if fields else ""))
        self.status, self.code, self.message = status, code, message
        self.details, self.request_id, self.retry_after_s = details, request_id, retry_after_s


class Unauthenticated(ApiError):
    """No valid token or key."""


class Forbidden(ApiError):
    """The token or key may not do this."""


class NotFound(ApiError):
    """There is no such lead or score."""


class TooLarge(ApiError):
    """The body is too large."""


class InvalidRequest(ApiError):
    """The request cannot be used as it is."""


class TooManyRequests(ApiError):
    """Too many requests."""


class Unavailable(ApiError):
    """A dependency of the server is down."""


BY_STATUS: dict[int, type[ApiError]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    413: TooLarge,
    422: InvalidRequest,
    429: TooManyRequests,
    503: Unavailable,
}
