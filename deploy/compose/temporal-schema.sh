#!/bin/sh
# Brings Temporal's two databases, which postgres-roles.sh made, up to the schema of this version. May be run again.
# temporal-sql-tool reads SQL_PLUGIN, SQL_HOST, SQL_PORT, SQL_USER and SQL_PASSWORD from the environment.
set -eu
SQL_PASSWORD=$(cat "${SECRETS:-/run/secrets/stores}/temporal")
export SQL_PASSWORD
schema=${TEMPORAL_SCHEMA:-/etc/temporal/schema/postgresql/v12}

prepare() {
  temporal-sql-tool --db "$1" setup-schema -v 0.0
  temporal-sql-tool --db "$1" update-schema -d "$schema/$2/versioned"
}

prepare temporal temporal
prepare temporal_visibility visibility
