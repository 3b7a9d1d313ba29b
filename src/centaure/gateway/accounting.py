"""Calls of models that are not of the catalogue, accounted for like the others."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from centaure.gateway.calls import Call
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.embeddings import TextRefused
from centaure.gateway.exchanges import Recorder
from centaure.gateway.outcomes import FIRST, End, Outcome
from centaure.kit.errors import CentaureError, Forbidden


@asynccontextmanager
async def accounted(records: Recorder, call: Call, model: CatalogueModel) -> AsyncGenerator[None]:
    """Reserve what a call may use, and record how the block that makes it ends.

    Raises:
        QuotaExhausted: a quota does not suffice: the block is not run.
    """
    clock = asyncio.get_running_loop().time
    began = clock()
    generation = await records.begin(call, model, FIRST)
    end, problem = End.CANCELLED, ""
    try:
        yield
        end = End.DONE
    except (TextRefused, Forbidden) as error:
        end, problem = End.REFUSED, error.message
        raise
    except CentaureError as error:
        end, problem = End.FAILED, error.message
        raise
    except Exception as error:
        end, problem = End.FAILED, f"It failed: {type(error).__name__}."
        raise
    finally:
        await records.finish(generation, Outcome(end, problem, duration_s=clock() - began))
