"""The bound volume: planned as data, laid out, written, verified."""
