"""The addresses of the web face: pages, pictures, changes, uploads and jobs."""
