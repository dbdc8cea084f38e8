"""The documentation site: Markdown pages, a warning is an error (`make docs`)."""

project = "Vùng Xanh"
author = "The Vùng Xanh contributors"
copyright = "2026, the Vùng Xanh contributors, Apache-2.0"
extensions = ["myst_parser"]
exclude_patterns = ["adr/template.md"]
source_suffix = {".md": "markdown"}
root_doc = "index"
html_theme = "furo"
html_title = "Vùng Xanh"
html_show_sphinx = False
html_copy_source = False
# one index for pages of both languages: words are split at spaces, and Vietnamese syllables stay whole
html_search_language = "en"
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
nitpicky = True
