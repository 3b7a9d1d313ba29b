"""A bucket of S3, or of anything that speaks it (MinIO, Ceph, Garage, OVHcloud, Scaleway), through s3fs."""

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import Lock
from typing import Any, Literal, Self, cast
from urllib.parse import quote, urlsplit

from botocore.exceptions import ConnectionError as BotoConnectionError
from botocore.exceptions import HTTPClientError, SSLError
from fsspec.asyn import sync  # pyright: ignore[reportUnknownVariableType] - fsspec has no types
from pydantic import SecretStr
from s3fs import S3FileSystem
from typing_extensions import override

from centaure.kit.errors import InvalidInput
from centaure.knowledge.connectors.files.remote_files import (
    PIECE,
    TIMEOUT_S,
    Entry,
    Opened,
    RemoteFiles,
    plain_path,
    split_location,
)
from centaure.knowledge.connectors.port import (
    Item,
    ItemChanged,
    ItemGone,
    ItemUnreadable,
    Options,
    PlaceUnavailable,
    Problem,
)

_EXAMPLE = "s3://bucket/folder"
_LONGEST_S = 10 * TIMEOUT_S
"""Of one answer, or one piece of a file, with what is tried again."""
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]")
_REFUSED = frozenset(
    {
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "InvalidToken",
        "ExpiredToken",
        "AuthorizationHeaderMalformed",
        "401",
    }
)
_CLOSED = frozenset({"AccessDenied", "AllAccessDisabled", "403"})


class S3Options(Options):
    """Where the bucket is and as whom it is read.

    Attributes:
        endpoint_url: of a service other than Amazon's.
        region: of the bucket.
        key: identifier of the access key.
        secret: the access key's secret.
        token: of temporary credentials.
        anonymous: read a public bucket, without a key.
        addressing: where requests name the bucket; in the path, with an endpoint of your own.
        ca_file: certificates to trust instead of the system's own.
    """

    endpoint_url: str = ""
    region: str = ""
    key: str = ""
    secret: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    anonymous: bool = False
    addressing: Literal["", "auto", "path", "virtual"] = ""
    ca_file: str = ""


class S3Connector(RemoteFiles):
    """The objects below a prefix of a bucket; `/` in a key makes folders."""

    kind = "s3"
    options_model = S3Options

    def __init__(self, bucket: str, prefix: str, options: S3Options) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._options = options
        self._made: S3FileSystem | None = None
        self._making = Lock()

    @classmethod
    @override
    def normal_location(cls, written: str, options: Options) -> str:
        parts = split_location(written, "s3", _EXAMPLE)
        bucket = parts.netloc
        if not _BUCKET.fullmatch(bucket) or parts.query or parts.fragment:
            raise InvalidInput(f"This is not a bucket such as {_EXAMPLE}.")
        _check_options(cast("S3Options", options))
        prefix = plain_path(parts.path)
        return f"s3://{bucket}/{quote(prefix)}" if prefix else f"s3://{bucket}"

    @classmethod
    @override
    def connect(cls, location: str, options: Options) -> Self:
        parts = urlsplit(location)
        return cls(parts.netloc, plain_path(parts.path), cast("S3Options", options))

    @override
    def check(self) -> None:
        self._page(most=1)

    @override
    def items(self, since: str | None = None) -> Iterator[Item | Problem]:
        """Everything below the prefix, a thousand at a time, in the order of the keys."""
        self.passed_over = 0
        asked = ""
        while True:
            page = self._page(asked)
            for told in cast("list[dict[str, Any]]", page.get("Contents") or []):
                if (found := self._object(told)) is not None:
                    yield found
            following = str(page.get("NextContinuationToken") or "")
            if not page.get("IsTruncated"):
                return
            if not following or following == asked:
                raise PlaceUnavailable(
                    f"The bucket {self._bucket} does not say how its listing goes on. Nothing was removed; "
                    "the next synchronisation tries again."
                )
            asked = following

    def _object(self, told: dict[str, Any]) -> Item | Problem | None:
        key = str(told["Key"])
        path = key.removeprefix(self._prefix)
        if not path or path.endswith("/"):
            return None  # what consoles leave to show an empty folder
        *folders, name = path.split("/")
        for folder in folders:
            if folder and self._found("x", Entry(folder, "folder")) is None:
                return None
        entry = Entry(
            name,
            "file",
            size=int(told["Size"]),
            modified_ns=_nanoseconds(told.get("LastModified")),
            version=_version(told.get("ETag")),
        )
        found = self._found(path, entry)
        return None if isinstance(found, str) else found

    @override
    @contextmanager
    def _opened(self, path: str) -> Generator[Opened]:
        try:
            answer = self._call("get_object", Key=self._prefix + path)
        except PlaceUnavailable as error:
            code = _code(error.__cause__)
            if code in {"NoSuchKey", "404"}:
                raise ItemGone(path) from None
            if code in _CLOSED:
                raise ItemUnreadable(
                    "The bucket does not let these credentials read it. Give them s3:GetObject on it."
                ) from None
            if code == "InvalidObjectState":
                raise ItemUnreadable(
                    "It is in an archive of the bucket. Restore it there, then sync again."
                ) from None
            if code in {"KeyTooLongError", "InvalidArgument", "InvalidURI", "400"}:
                raise ItemGone(path) from None
            raise
        body = answer["Body"]
        try:
            yield Opened(
                self._pieces(path, body),
                int(answer["ContentLength"]),
                _nanoseconds(answer.get("LastModified")),
                _version(answer.get("ETag")),
            )
        finally:
            body.close()

    def _pieces(self, path: str, body: Any) -> Iterator[bytes]:
        while True:
            try:
                piece = cast("bytes", _wait(self._files(), body.read, PIECE))
            except Exception as error:  # the edge of the library, as in `_call`
                if type(error).__name__ == "ClientPayloadError":
                    raise ItemChanged(path) from None
                raise self._unavailable(error) from error
            if not piece:
                return
            yield piece

    @override
    def close(self) -> None:
        made, self._made = self._made, None
        client = getattr(made, "_s3", None)
        if made is not None and client is not None:
            with suppress(Exception):
                _wait(made, client.__aexit__, None, None, None)

    def _page(self, after: str = "", *, most: int = 1000) -> dict[str, Any]:
        asked = {"ContinuationToken": after} if after else {}
        return self._call("list_objects_v2", Prefix=self._prefix, MaxKeys=most, **asked)

    def _call(self, method: str, **arguments: Any) -> dict[str, Any]:
        try:
            files: Any = self._files()
            call = files._call_s3  # noqa: SLF001 - `call_s3`, its public twin, knows no time limit
            answer = _wait(files, call, method, Bucket=self._bucket, **arguments)
        except (
            Exception
        ) as error:  # the edge: s3fs lets through what three libraries below it raise
            raise self._unavailable(error) from error
        return cast("dict[str, Any]", answer)

    def _files(self) -> S3FileSystem:
        with self._making:
            if self._made is None:
                self._made = _file_system(self._options)
            return self._made

    def _unavailable(self, error: Exception) -> PlaceUnavailable:
        where = urlsplit(self._options.endpoint_url).netloc or "Amazon S3"
        code = _code(error)
        if code == "NoSuchBucket":
            words = f"{where} has no bucket {self._bucket}. Check its name, and the endpoint."
        elif code in _REFUSED:
            words = f"{where} refuses these credentials ({code}). Check the key, the secret and the region."
        elif code in _CLOSED:
            words = f"{where} does not let these credentials list {self._bucket}. Give them s3:ListBucket."
        elif isinstance(error, SSLError) or "CERTIFICATE_VERIFY" in str(error):
            words = (
                f"The certificate of {where} is not valid here. If it is of your own authority, give its "
                "certificate as ca_file."
            )
        elif isinstance(error, BotoConnectionError | HTTPClientError | OSError):
            words = (
                f"{where} cannot be reached ({type(error).__name__}{f', {code}' if code else ''})."
            )
        else:
            words = f"{where} does not answer as S3 does ({code or type(error).__name__})."
        return PlaceUnavailable(words)


def _check_options(options: S3Options) -> None:
    if options.endpoint_url and urlsplit(options.endpoint_url).scheme not in {"http", "https"}:
        raise InvalidInput("The endpoint_url of S3 is an address such as https://s3.example.org.")
    if urlsplit(options.endpoint_url).username is not None:
        raise InvalidInput(
            "The endpoint_url holds no user or password; give key and secret as options."
        )
    given = bool(options.key), bool(options.secret.get_secret_value())
    if options.anonymous and any(given):
        raise InvalidInput("Give a key and its secret, or anonymous, not both.")
    # Without this, the library would look for the credentials of this machine, which are not the source's.
    if not options.anonymous and not all(given):
        raise InvalidInput("Give a key and its secret, or anonymous for a public bucket.")


def _file_system(options: S3Options) -> S3FileSystem:
    addressing = options.addressing or ("path" if options.endpoint_url else "auto")
    files = S3FileSystem(
        anon=options.anonymous,
        endpoint_url=options.endpoint_url or None,
        key=options.key or None,
        secret=options.secret.get_secret_value() or None,
        token=options.token.get_secret_value() or None,
        client_kwargs={
            "region_name": options.region or "us-east-1",
            **({"verify": options.ca_file} if options.ca_file else {}),
        },
        config_kwargs={
            "connect_timeout": TIMEOUT_S / 2,
            "read_timeout": TIMEOUT_S,
            "retries": {"mode": "standard", "total_max_attempts": 3},
            "s3": {"addressing_style": addressing},
            "ignore_configured_endpoint_urls": True,
        },
        skip_instance_cache=True,
        use_listings_cache=False,
    )
    files.retries = 1  # those of the client above are enough
    return files


def _wait(files: S3FileSystem, call: Any, *arguments: object, **named: object) -> object:
    loop = cast("object", files.loop)  # pyright: ignore[reportUnknownMemberType] - s3fs has no types
    return sync(loop, call, *arguments, timeout=_LONGEST_S, **named)


def _code(error: BaseException | None) -> str:
    """The code of S3's answer; s3fs keeps it in the cause of an OSError of its own making."""
    while error is not None:
        answer = getattr(error, "response", None)
        if isinstance(answer, dict):
            told = cast("dict[str, Any]", answer).get("Error")
            return str(cast("dict[str, Any]", told or {}).get("Code") or "")
        error = error.__cause__
    return ""


def _version(etag: object) -> str:
    return str(etag or "").strip('"')


def _nanoseconds(moment: object) -> int | None:
    return int(moment.timestamp()) * 1_000_000_000 if isinstance(moment, datetime) else None
