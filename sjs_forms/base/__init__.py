"""Used by all other packages: errors, findings, digests, reproducible files, system errors."""
