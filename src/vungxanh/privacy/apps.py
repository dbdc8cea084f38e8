"""The room as Django knows it."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "vungxanh.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vungxanh.work import kinds

        kinds.register(
            "privacy.breach",
            vi="Thông báo vi phạm dữ liệu cá nhân cho cơ quan có thẩm quyền",
            en="Tell the authority of a breach of personal data",
            escalate_hours=(0, 4),
        )
