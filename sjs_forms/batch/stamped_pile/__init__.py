"""One pile of signed and sealed scans of many applicants, recognised and filed."""
