"""The parts of an OFD file, found and parsed: documents, their pages, and what these share."""
