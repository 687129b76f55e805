"""The web interface: pages in a browser for everything that the commands do."""
