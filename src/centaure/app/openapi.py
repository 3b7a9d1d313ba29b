"""Print the OpenAPI document of the API, without a database: `ui/openapi.json` is this, committed."""

import json
import sys
from typing import Any

from centaure.app.api import compose_api


def openapi_document() -> dict[str, Any]:
    """The OpenAPI document."""
    return compose_api().openapi()


if __name__ == "__main__":
    json.dump(openapi_document(), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
