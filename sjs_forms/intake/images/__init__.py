"""Picture files as pages."""
