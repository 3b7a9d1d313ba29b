"""Amazon's client of Bedrock: asked once, with a key of its own, never with those of the environment."""

from typing import Any

import boto3
from botocore.config import Config
from botocore.session import Session
from botocore.tokens import FrozenAuthToken

_CONNECTIONS = 200


class _KeySession(Session):
    """Signs with an API key of Bedrock."""

    key = ""

    def get_auth_token(self, **_: Any) -> FrozenAuthToken:
        return FrozenAuthToken(self.key)

    def get_credentials(self) -> None:
        return None


def bedrock_client(key: str, region: str, address: str | None) -> Any:
    """A client, for threads; it opens nothing yet.

    Args:
        key: an API key of Bedrock, or `ACCESS_KEY_ID:SECRET_ACCESS_KEY`.
        region: such as `eu-west-3`.
        address: where Bedrock is not at its own.
    """
    config: dict[str, Any] = {
        # Whoever waits is better served by the next model than by a second try.
        "retries": {"total_max_attempts": 1},
        "max_pool_connections": _CONNECTIONS,
    }
    identifier, colon, secret = key.partition(":")
    if colon and identifier.startswith(("AKIA", "ASIA")):
        session = boto3.Session(aws_access_key_id=identifier, aws_secret_access_key=secret)
    else:
        signing = _KeySession()
        signing.key = key
        session = boto3.Session(botocore_session=signing)
        config["signature_version"] = "bearer"
    made: Any = session
    return made.client(
        "bedrock-runtime", region_name=region, endpoint_url=address, config=Config(**config)
    )
