#!/bin/sh
# Run once by the database's image: a role that migrates, a role that works and owns nothing, one empty database.
set -eu
psql --username postgres --set ON_ERROR_STOP=1 --set owner="$OWNER_PASSWORD" --set app="$APP_PASSWORD" <<'SQL'
CREATE ROLE vungxanh_owner LOGIN PASSWORD :'owner';
CREATE ROLE vungxanh_app LOGIN PASSWORD :'app';
CREATE DATABASE vungxanh OWNER vungxanh_owner;
\connect vungxanh
ALTER SCHEMA public OWNER TO vungxanh_owner;
GRANT USAGE ON SCHEMA public TO vungxanh_app;
ALTER DEFAULT PRIVILEGES FOR ROLE vungxanh_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO vungxanh_app;
ALTER DEFAULT PRIVILEGES FOR ROLE vungxanh_owner GRANT USAGE, SELECT ON SEQUENCES TO vungxanh_app;
ALTER DEFAULT PRIVILEGES FOR ROLE vungxanh_owner GRANT EXECUTE ON FUNCTIONS TO vungxanh_app;
SQL
