"""An applicant's folder: the files it offers for each material, and the files not bound."""
