"""The jobs: everything that a face may ask for. The document libraries are not made for threads."""
