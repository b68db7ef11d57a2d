"""`agenticcalling-mcp`: lets an MCP client that starts programs use a server that speaks HTTP.

It carries JSON-RPC messages between standard input and output and the server's `/mcp`, and nothing else: the tools
are the server's.
"""

from .command import main

__all__ = ["main"]
