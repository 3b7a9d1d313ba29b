"""S3 as moto serves it, over HTTP; signatures and policies are checked as Amazon checks them."""

import json
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass

import boto3
from moto.server import ThreadedMotoServer

_WRITER = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_READER = [
    {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": "*"},
    {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::*/closed/*"},
    {"Effect": "Deny", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::closed-*"},
]


@dataclass(frozen=True)
class S3Server:
    """Its address, and keys as pairs of identifier and secret."""

    endpoint: str
    writer: tuple[str, str]
    reader: tuple[str, str]


@contextmanager
def s3_server():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        writer, reader = _user(endpoint, "writer", _WRITER), _user(endpoint, "reader", _READER)
        # From here on nothing is free of the check of its signature and policy.
        plain = {"Content-Type": "text/plain"}
        request = urllib.request.Request(f"{endpoint}/moto-api/reset-auth", b"0", plain)
        with urllib.request.urlopen(request, timeout=10):
            yield S3Server(endpoint, writer, reader)
    finally:
        server.stop()


def _user(endpoint, name, statement):
    client = boto3.client(
        "iam",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="first",
        aws_secret_access_key="first",
    )
    client.create_user(UserName=name)
    policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
    client.put_user_policy(UserName=name, PolicyName=name, PolicyDocument=policy)
    key = client.create_access_key(UserName=name)["AccessKey"]
    client.close()
    return key["AccessKeyId"], key["SecretAccessKey"]
