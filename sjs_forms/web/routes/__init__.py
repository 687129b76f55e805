"""The routes of the web interface: pages, pictures, changes, uploads and jobs."""
