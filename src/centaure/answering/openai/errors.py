"""Errors in the shape of OpenAI's API, which its clients turn into exceptions of their own."""

import json
from collections.abc import Mapping

from centaure.gateway.calls import QuotaExhausted
from centaure.kit.errors import (
    CentaureError,
    Forbidden,
    InvalidInput,
    NotFound,
    NotSignedIn,
    Refused,
    TooManyRequests,
    Unavailable,
)

UNKNOWN = CentaureError(
    "Centaure failed on this request, and its log says why. Try again; if it goes on, tell your "
    "administrator."
)
_REQUEST, _SERVER = "invalid_request_error", "server_error"
_SHAPES: tuple[tuple[type[CentaureError], int, str, str], ...] = (
    (InvalidInput, 400, _REQUEST, "invalid_request"),
    (NotSignedIn, 401, _REQUEST, "invalid_api_key"),
    (Forbidden, 403, "permission_error", "permission_denied"),
    (NotFound, 404, _REQUEST, "model_not_found"),
    (QuotaExhausted, 429, "insufficient_quota", "insufficient_quota"),
    (TooManyRequests, 429, "rate_limit_error", "rate_limit_exceeded"),
    (Refused, 502, _SERVER, "provider_error"),
    (Unavailable, 503, _SERVER, "service_unavailable"),
    (CentaureError, 500, _SERVER, "internal_error"),
)
_PATIENCE_S = "10"


def shaped(error: CentaureError) -> tuple[int, bytes, Mapping[str, str]]:
    """Status, body and headers of an error."""
    status, kind, code = next(
        (status, kind, code) for cls, status, kind, code in _SHAPES if isinstance(error, cls)
    )
    body = {"message": error.message, "type": kind, "param": None, "code": code}
    headers = dict(error.headers)
    if status == TooManyRequests.status:
        headers.setdefault("Retry-After", _PATIENCE_S)
    if isinstance(error, QuotaExhausted):
        # The clients would try again within seconds, and a quota is renewed in hours.
        headers["X-Should-Retry"] = "false"
    return status, json.dumps({"error": body}).encode(), headers


def event(error: CentaureError) -> bytes:
    """An error that comes in the middle of a stream."""
    return b"data: " + shaped(error)[1] + b"\n\n"
