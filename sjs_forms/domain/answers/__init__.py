"""The answers of an application: their schema, values by place and role, and derived values."""
