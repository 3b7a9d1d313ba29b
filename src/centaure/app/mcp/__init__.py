"""The MCP server at `/mcp`: search, passages, answers and sources as tools of other assistants.

`door` lets in who has a key or a token, and starts the server when somebody first comes; `server` speaks
the protocol; `tools` are the API's own operations, with the rights of the caller.
"""
