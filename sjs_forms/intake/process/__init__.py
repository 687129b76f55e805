"""The processes in which files are opened: started, queried, limited, confined and ended."""
