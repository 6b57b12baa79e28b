"""The doors to the catalogue: for everybody, for the owner of a draft, for reviewers."""
