"""Text of an OFD: its characters and glyphs, embedded fonts, and the fonts made for the PDF."""
