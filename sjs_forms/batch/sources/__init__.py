"""Where the applications of a batch come from: folders, JSON, rosters; their numbers and scans."""
