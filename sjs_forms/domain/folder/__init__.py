"""An applicant's folder: which files it offers, for which material, and what is not bound."""
