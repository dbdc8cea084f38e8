"""`vungxanh.rules.store` as a Django app: the only part of `rules` that has a table."""

from django.apps import AppConfig


class RuleStoreConfig(AppConfig):
    name = "vungxanh.rules.store"
    label = "rules_store"
    default_auto_field = "django.db.models.BigAutoField"
