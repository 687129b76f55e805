"""The small language of a notice's rules and derived values.

Expressions compare answers, calculate with them, and call a few functions. They are parsed and
type-checked when the notice is read, and never evaluated by Python.
"""
