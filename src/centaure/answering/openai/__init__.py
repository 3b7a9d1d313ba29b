"""The API of OpenAI, for programs that speak it: `/v1/chat/completions`, `/v1/embeddings`, `/v1/models`.

Behind it are the models of the catalogue, with the caller's key, rules of routing, quotas and records, and
the model `centaure`, which answers from the documents that the caller may read and names its sources.
"""
