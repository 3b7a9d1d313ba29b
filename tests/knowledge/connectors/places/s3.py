"""A bucket of S3, the whole of it and a folder in it."""

import itertools
from contextlib import contextmanager

import boto3
from botocore.config import Config
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends
from pydantic import SecretStr

from centaure.knowledge.connectors.conformance import (
    BYTES,
    CHANGE,
    MOVE,
    REMOVE,
    VERSION,
    CannotHold,
    Place,
)
from centaure.knowledge.connectors.files.s3 import S3Connector, S3Options
from centaure.knowledge.connectors.names import is_ignored
from knowledge.connectors.servers.s3 import s3_server

_NUMBERS = itertools.count()
_WRONG = "no-one-may-see-this-secret"


class S3Place(Place):
    """A bucket, or what lies below a prefix of it."""

    capabilities = frozenset({BYTES, CHANGE, REMOVE, MOVE, VERSION})

    def __init__(self, server, prefix):
        self.server = server
        self.secrets = (server.reader[1], _WRONG)
        self.prefix = prefix
        self.bucket = f"documents-{next(_NUMBERS)}"
        self.client = boto3.client(
            "s3",
            endpoint_url=server.endpoint,
            region_name="us-east-1",
            aws_access_key_id=server.writer[0],
            aws_secret_access_key=server.writer[1],
            config=Config(s3={"addressing_style": "path"}),
        )
        self.client.create_bucket(Bucket=self.bucket)
        if prefix:
            self.client.put_object(Bucket=self.bucket, Key="beside.txt", Body=b"Beside it.")
            self.client.put_object(
                Bucket=self.bucket, Key=f"{prefix[:-1]}er/beside.txt", Body=b"Beside it."
            )

    def made(self, bucket=None, **options):
        key, secret = self.server.reader
        given = {"endpoint_url": self.server.endpoint, "key": key, "secret": SecretStr(secret)}
        chosen = S3Options(**(given | options))
        location = S3Connector.normal_location(
            f"s3://{bucket or self.bucket}/{self.prefix}", chosen
        )
        assert S3Connector.normal_location(location, chosen) == location
        return S3Connector.connect(location, chosen)

    def connector(self):
        return self.made()

    def connector_with_wrong_credentials(self):
        return self.made(secret=SecretStr(_WRONG))

    def connector_to(self, host, port):
        return self.made(endpoint_url=f"http://{host}:{port}")

    def write(self, path, content):
        if any(is_ignored(name) for name in path.split("/")):
            raise CannotHold
        self.client.put_object(Bucket=self.bucket, Key=self.prefix + path, Body=content)
        return path

    def write_all(self, contents):
        # A thousand requests to moto take a quarter of a minute; what it keeps is the same.
        backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
        for path, content in contents.items():
            backend.put_object(self.bucket, self.prefix + path, content)
        return list(contents)

    def remove(self, path):
        self.client.delete_object(Bucket=self.bucket, Key=self.prefix + path)

    def move(self, old, new):
        source = {"Bucket": self.bucket, "Key": self.prefix + old}
        self.client.copy_object(Bucket=self.bucket, Key=self.prefix + new, CopySource=source)
        self.remove(old)
        return new


@contextmanager
def s3_bucket(started, tmp_path, prefix=""):
    _ = tmp_path
    place = S3Place(started(s3_server), prefix)
    try:
        yield place
    finally:
        place.client.close()


@contextmanager
def s3_folder(started, tmp_path):
    with s3_bucket(started, tmp_path, "an archive/100%/été/") as place:
        yield place


PLACES = {"s3-bucket": s3_bucket, "s3-folder": s3_folder}
