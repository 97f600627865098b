#!/bin/sh
# Draws the secrets of this desk once and keeps them in two volumes, so that `docker compose up` needs no .env file and no
# two desks share a password. Run again, it changes nothing that was drawn. What the environment sets is used instead and
# never written here. usage: secrets.sh STORES GATEWAY
set -eu
stores=$1
gateway=$2

# 32 random bytes as 43 characters that need no quoting in a URL, a shell or an env file.
draw() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; }

keep() { [ -s "$1" ] || replace "$1" "$(draw)"; }

# A reader never sees half a file.
replace() {
  printf '%s\n' "$2" >"$1.new"
  chmod 0444 "$1.new"
  mv "$1.new" "$1"
}

mkdir -p "$stores" "$gateway"
for name in postgres duradesk temporal redis; do keep "$stores/$name"; done
for name in secret identity-secret; do keep "$gateway/$name"; done

replace "$stores/redis.conf" "requirepass $(cat "$stores/redis")"
replace "$stores/stores.env" "DATABASE_URL=postgres://duradesk:$(cat "$stores/duradesk")@postgres:5432/duradesk
REDIS_URL=redis://:$(cat "$stores/redis")@redis:6379"
replace "$gateway/gateway.env" "DESK_SECRET=$(cat "$gateway/secret")
DESK_IDENTITY_SECRET=$(cat "$gateway/identity-secret")"

# Without a model of the operator's, the desk talks to the local one.
if [ -z "${OPENAI_API_KEY:-}${OPENAI_BASE_URL:-}" ]; then
  replace "$stores/model.env" 'OPENAI_BASE_URL=http://model:8000/v1'
else
  replace "$stores/model.env" '# The environment names a model.'
fi
