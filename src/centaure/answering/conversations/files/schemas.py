"""Files of conversations as the API spells them."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel

from centaure.answering.conversations.files.repository import ConversationFile, State
from centaure.knowledge.retrieval.schemas import Classification


class FileRead(BaseModel):
    """A file of a conversation.

    `state` is `waiting` until the worker begins, `reading`, then `read`: it is searched, as document
    `document_id`; or `refused`, with the `reason`. `warnings` say what is doubtful of what was read.
    """

    id: int
    name: str
    size: int
    classification: Classification
    state: State
    reason: str
    warnings: list[str]
    added_at: datetime
    document_id: int | None
    page_count: int | None

    @classmethod
    def of(cls, file: ConversationFile) -> Self:
        """The same file, spelled for the API."""
        return cls.model_validate(
            {
                "id": file.id,
                "name": file.name,
                "size": file.size,
                "classification": f"C{file.classification}",
                "state": file.state,
                "reason": file.reason,
                "warnings": file.warnings,
                "added_at": file.added_at,
                "document_id": file.document_id,
                "page_count": file.page_count,
            }
        )
