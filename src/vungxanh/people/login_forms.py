"""The log-in form in our own words and clothes."""

from typing import Any

from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _


class OfficerLoginForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    """Labels instead of placeholders; no link to reset a password: the administrator of the unit does that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or e-mail")
        self.fields["password"].help_text = ""
        for name in ("login", "password"):
            attributes = self.fields[name].widget.attrs
            attributes.pop("placeholder", None)
            attributes["class"] = "nhsuk-input"
