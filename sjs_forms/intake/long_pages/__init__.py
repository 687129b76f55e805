"""Handles pages that do not fit on A4: cuts strips, and reports pages that are shrunk too far."""
