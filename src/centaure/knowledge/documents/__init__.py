"""One document and its passages, as a reader opens them: metadata, preview, page images, original."""
