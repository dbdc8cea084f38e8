"""The command room as a Django app."""

from datetime import timedelta

from django.apps import AppConfig


class CommandConfig(AppConfig):
    name = "vungxanh.command"
    label = "command"

    def ready(self) -> None:
        from vungxanh.command.directory import numbers_elsewhere
        from vungxanh.command.report_figures import register_all
        from vungxanh.core.jobs import register
        from vungxanh.notify.actions import register_numbers

        register_all()
        register_numbers(numbers_elsewhere)
        register("command.remind", timedelta(hours=1), _remind)
        register("command.revisit", timedelta(hours=1), _revisit)


def _remind() -> int:
    from vungxanh.command.actions.directives import remind_by_the_clock

    return remind_by_the_clock()


def _revisit() -> int:
    from vungxanh.command.actions.inspection import remind_by_the_clock

    return remind_by_the_clock()
