"""The job for signed scans: recognise and file them, and hold later answers against them."""
