"""Access to the server: hosts, one-time links and cookies; and finding a running server."""
