"""`vungxanh.border` as a Django app."""

from django.apps import AppConfig


class BorderConfig(AppConfig):
    name = "vungxanh.border"
    label = "border"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from datetime import timedelta

        from vungxanh.border import clocks
        from vungxanh.border.actions.following import daily
        from vungxanh.border.actions.keeping import kinds
        from vungxanh.border.evidence import VoyageSeats
        from vungxanh.core import jobs, retention
        from vungxanh.lake import sources
        from vungxanh.work.kinds import register

        register("border-follow", vi="Người mới nhập cảnh: liên lạc", en="Newly arrived traveller: get in touch")
        register(
            "border-daily", vi="Hỏi thăm người nhập cảnh trong ngày", en="Daily question to an arrived traveller"
        )
        register(
            "border-recall", vi="Báo lại kết quả nhập cảnh đã sửa", en="Tell a traveller of a corrected result"
        )
        register("border-unwell", vi="Người qua lại thường xuyên không khoẻ", en="A frequent crosser is unwell")
        register("border-request", vi="Danh sách đã yêu cầu chưa đến", en="A list asked for has not come")
        for clock in clocks.rule().clocks:
            name, more = clock.name, {"escalate_hours": clock.escalate_hours}
            register(f"border-{clock.id}", vi=f"Cửa khẩu: {name.vi}", en=f"At the gate: {name.en}", **more)
        sources.register(VoyageSeats())
        jobs.register("border.daily", timedelta(hours=1), daily)
        retention.register("border", kinds)
