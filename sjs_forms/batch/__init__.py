"""Many applications from one source, built here or on the machines of a cluster."""
