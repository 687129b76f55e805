"""application.json as text: read with the place of each mistake, and edited in place."""
