"""A form is a dated order: what is asked, of whom, in which languages, on what basis, from when to when.

`definition` and `validate` are pure; `pages` and templates draw one question a page; `paper` prints the same form.
"""
