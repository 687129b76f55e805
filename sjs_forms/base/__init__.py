"""What every room stands on: errors, findings, digests, stable bytes, faults of the system."""
