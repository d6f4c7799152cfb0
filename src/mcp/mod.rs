//! Our MCP server.
