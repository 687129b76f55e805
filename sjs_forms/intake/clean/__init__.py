"""PDF files: read, repaired where they are damaged, and made plain page by page."""
