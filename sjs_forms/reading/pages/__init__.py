"""What was read on a page: text layer, recognised text, seals, codes, and how readable it is."""
