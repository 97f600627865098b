#!/bin/sh
# Postgres runs this once, when its volume is new: a role each for the desk and for Temporal, neither a superuser, and
# neither can open the other's databases.
set -eu
secrets=${SECRETS:-/run/secrets/stores}

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
  --set duradesk="$(cat "$secrets/duradesk")" --set temporal="$(cat "$secrets/temporal")" <<'SQL'
CREATE ROLE duradesk LOGIN PASSWORD :'duradesk';
CREATE ROLE temporal LOGIN PASSWORD :'temporal';
CREATE DATABASE duradesk OWNER duradesk;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE CONNECT ON DATABASE postgres, duradesk, temporal, temporal_visibility FROM PUBLIC;
SQL
