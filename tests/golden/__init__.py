"""Golden files: what is found in each sample article, to be compared and to be reviewed as a diff.

``make golden`` (``python -m tests.golden``) remakes them. Read the diff before you commit it: they are never
remade to turn red into green. ``truth/`` is made by hand and remade by nobody.
"""
