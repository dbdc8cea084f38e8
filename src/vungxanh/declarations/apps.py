"""The room as Django knows it."""

from django.apps import AppConfig


class DeclarationsConfig(AppConfig):
    name = "vungxanh.declarations"
    label = "declarations"

    def ready(self) -> None:
        from vungxanh.declarations.at_gate import GateDeclarations
        from vungxanh.forms import declared

        declared.register(GateDeclarations())
