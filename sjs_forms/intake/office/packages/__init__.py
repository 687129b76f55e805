"""The zips that OOXML and OpenDocument files are: their parts, broken ones, links and names."""
