"""The audit trail takes rows and gives up none: a trigger for everybody, no privilege for the working role."""

from django.db import migrations

from vungxanh.core.database import app_role

# No trigger on TRUNCATE: only the owner holds that privilege, and the owner can drop triggers too.
# Against the owner stand the seals outside the database (core.audit_seal).
GUARD = """
CREATE FUNCTION core_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON core_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
UNGUARD = "DROP TRIGGER audit_append_only ON core_auditevent; DROP FUNCTION core_refuse_change();"


def limit_working_role(apps, schema_editor):
    role = schema_editor.quote_name(app_role())
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s AND rolname <> current_user", [app_role()])
        if cursor.fetchone():
            cursor.execute(f"REVOKE ALL ON core_auditevent FROM {role}")
            cursor.execute(f"GRANT SELECT, INSERT ON core_auditevent TO {role}")


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunPython(limit_working_role, migrations.RunPython.noop),
    ]
