"""Who may use the server: hosts, one-time links and cookies, and servers that are running."""
