"""The room as Django knows it."""

from datetime import timedelta

from django.apps import AppConfig


class OutbreakConfig(AppConfig):
    name = "vungxanh.outbreak"
    label = "outbreak"

    def ready(self) -> None:
        from vungxanh.command import checklist
        from vungxanh.outbreak import drill, event_links, rule_simulation, taught, zone_needs
        from vungxanh.outbreak.report_figures import register_all
        from vungxanh.outbreak.seen import watched_persons
        from vungxanh.safetymap.queries import sets_for
        from vungxanh.venues import watched

        register_all()
        checklist.register(sets_for)
        rule_simulation.register_all()
        drill.register_all()
        event_links.register_all()
        zone_needs.register_all()
        taught.register_all()
        watched.register("outbreak", watched_persons)
        from vungxanh.core import retention
        from vungxanh.core.jobs import register
        from vungxanh.outbreak.intake.run import run_waiting
        from vungxanh.outbreak.mover_actions import WorkbenchMover
        from vungxanh.outbreak.out.report_actions import prepare
        from vungxanh.outbreak.retention import kinds as kept
        from vungxanh.people.duplicates import search_register
        from vungxanh.people.merge_actions import register_mover
        from vungxanh.work import kinds

        register_mover("outbreak", WorkbenchMover())
        from django.utils.translation import gettext_lazy

        from vungxanh.lake import sources
        from vungxanh.notify import inbound
        from vungxanh.outbreak.answers_actions import WORD, by_sms
        from vungxanh.outbreak.evidence import InterviewVisits, RegisteredHouseholds

        sources.register(InterviewVisits())
        sources.register(RegisteredHouseholds())
        inbound.register(WORD, by_sms, about=gettext_lazy("How somebody under follow-up is today"))
        kinds.register(
            "contact.take-over",
            vi="Nhận theo dõi người tiếp xúc từ nơi khác chuyển đến",
            en="Take over a contact found elsewhere",
            escalate_hours=(0, 4),
        )
        for step, vi, en in (
            ("list", "Lập danh sách cách ly", "List an isolation"),
            ("decide", "Ký quyết định cách ly", "Decide on an isolation"),
            ("hold", "Sắp hết thời hạn tạm giữ cách ly", "Longest hold before a decision runs out"),
            ("notify", "Thông báo quyết định cách ly", "Tell the person of the isolation"),
        ):
            kinds.register(f"order.{step}", vi=vi, en=en, escalate_hours=(0, 1, 2))
        kinds.register("report.send", vi="Gửi báo cáo theo quy định", en="Send a report asked for by law")
        retention.register("outbreak", kept)
        register("outbreak.reports", timedelta(hours=1), prepare)
        register("outbreak.import", timedelta(seconds=2), run_waiting)
        from vungxanh.outbreak.area_counts import push
        from vungxanh.outbreak.counted import recount

        register("outbreak.counted", timedelta(minutes=1), recount)
        from vungxanh.outbreak.zone_review import review_all

        register("outbreak.counts", timedelta(hours=1), push)
        register("outbreak.zones", timedelta(hours=24), review_all)
        register("people.duplicates", timedelta(hours=24), search_register)
