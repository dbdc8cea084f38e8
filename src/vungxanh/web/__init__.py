"""Assembly only: settings, URLs, base templates, the design system, the citizen's home."""
