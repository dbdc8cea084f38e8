"""A form field for several photographs."""

from typing import Any

from django import forms


class _Many(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """-> list of uploaded files, perhaps empty."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"class": "nhsuk-input", "accept": "image/jpeg,image/png", "multiple": True}
        super().__init__(widget=_Many(attrs=attributes), required=False, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(PhotosField, self).clean(one, initial) for one in given if one]
