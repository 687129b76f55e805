"""PDF as a file format: objects, matrices, pictures, text and large streams. Knows no form."""
