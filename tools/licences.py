"""Reads the licence of every package in the environment: no GPL, no AGPL, development tools included."""

import re
import sys
from importlib.metadata import Distribution, distributions

#: packages under several licences, or whose metadata is silent: what we rely on
KNOWN = {
    "axe-playwright-python": "MIT (its licence file); carries axe-core, MPL-2.0, unmodified",
    "docutils": "public domain and BSD; its one GPL file, an Emacs mode, is not in the wheel",
    "pyrage": "MIT (its licence file)",
    "text-unidecode": "Artistic License (offered beside GPL)",
}
BAD = re.compile(r"(?<!L)\bA?GPL|(?<!Lesser )GNU (Affero )?General Public", re.IGNORECASE)


def licence(dist: Distribution) -> str:
    meta = dist.metadata
    classifiers = [line for line in meta.get_all("Classifier") or [] if line.startswith("License ::")]
    stated = meta.get("License-Expression") or "; ".join(classifiers) or (meta.get("License") or "")
    return stated.strip().splitlines()[0] if stated.strip() else ""


def main() -> int:
    refused, silent, count = [], [], 0
    for dist in sorted(distributions(), key=lambda d: d.metadata["Name"].lower()):
        name = dist.metadata["Name"].lower()
        stated = KNOWN.get(name) or licence(dist)
        count += 1
        if not stated:
            silent.append(name)
        elif name not in KNOWN and BAD.search(stated):
            refused.append(f"{name}: {stated}")
    print(f"{count} packages; refused: {refused or 'none'}; silent: {silent or 'none'}")
    return 1 if refused or silent else 0


sys.exit(main())
