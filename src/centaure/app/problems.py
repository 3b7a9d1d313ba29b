"""Errors over HTTP as RFC 9457 problem details: one shape, one sentence, no trace."""

import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from centaure.kit.errors import CentaureError
from centaure.kit.validation import said

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


def problem(
    status: int, title: str, detail: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """A problem details response (RFC 9457)."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(body, status, dict(headers or {}), MEDIA_TYPE)


def answer_with_problems(api: FastAPI) -> None:
    """Make every error of the API a problem details response."""

    @api.exception_handler(CentaureError)
    async def known(_: Request, error: CentaureError) -> JSONResponse:
        return problem(error.status, error.title, error.message, error.headers)

    @api.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        faults = [
            f"{'.'.join(str(part) for part in fault['loc'][1:]) or 'the body'}: {said(fault)}"
            for fault in error.errors()
        ]
        return problem(422, "Invalid input", "; ".join(faults))

    @api.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> JSONResponse:
        phrase = HTTPStatus(error.status_code).phrase
        detail = "There is nothing here." if error.status_code == HTTPStatus.NOT_FOUND else phrase
        return problem(error.status_code, phrase, detail, error.headers)

    @api.exception_handler(Exception)
    async def unknown(_: Request, error: Exception) -> JSONResponse:
        log.error("A request failed.", exc_info=error)
        return problem(
            500,
            "Something went wrong",
            "Centaure failed on this request, and its log says why. Try again; if it goes on, tell "
            "your administrator.",
        )
