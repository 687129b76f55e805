"""The processes in which files are opened: started, asked, bounded, confined and ended."""
