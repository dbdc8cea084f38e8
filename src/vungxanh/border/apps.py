"""`vungxanh.border` as a Django app."""

from django.apps import AppConfig


class BorderConfig(AppConfig):
    name = "vungxanh.border"
    label = "border"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vungxanh.work.kinds import register

        register("border-follow", vi="Người mới nhập cảnh: liên lạc", en="Newly arrived traveller: get in touch")
        register(
            "border-recall", vi="Báo lại kết quả nhập cảnh đã sửa", en="Tell a traveller of a corrected result"
        )
