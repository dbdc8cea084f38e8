"""`vungxanh.core` as a Django app: the audit trail and the vault's keys are its tables."""

from datetime import timedelta
from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "vungxanh.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vungxanh.core import retention
        from vungxanh.core.audit_seal import seal
        from vungxanh.core.backup.backup import ship_configured
        from vungxanh.core.jobs import register
        from vungxanh.core.watch_probes import register as watch

        post_migrate.connect(make_vault_keys, sender=self)
        register("audit.seal", timedelta(hours=1), seal)
        register("retention", retention.EVERY, retention.run)
        watch()
        register("backup.ship", timedelta(minutes=1), ship_configured)


def make_vault_keys(**_: Any) -> None:
    """Each class of encrypted columns gets its first data key as soon as the tables stand."""
    from vungxanh.core.vault import EncryptedTextField, ensure_keys

    fields = (field for model in apps.get_models() for field in model._meta.get_fields())  # noqa: SLF001  public API
    ensure_keys(sorted({field.record_class for field in fields if isinstance(field, EncryptedTextField)}))
