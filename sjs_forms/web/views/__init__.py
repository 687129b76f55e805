"""Values for the templates of the pages, and the templates."""
