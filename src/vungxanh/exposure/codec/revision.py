"""What a device holds after a file: a revised key replaces what was said of it before."""

from collections.abc import Iterable

from vungxanh.exposure.codec.keys import DiagnosisKey


def current_keys(keys: Iterable[DiagnosisKey], revised: Iterable[DiagnosisKey]) -> list[DiagnosisKey]:
    """Keys in the order given, each as last revised; a key that is only revised counts too."""
    found = {key.data: key for key in keys}
    found.update((key.data, key) for key in revised)
    return list(found.values())
