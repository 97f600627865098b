#!/bin/sh
# Makes the namespace where it is missing. What it must know of search attributes, `duradesk migrate` adds.
# The temporal command reads TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE from the environment.
set -eu

# Up to 60 s: the port opens before the server can serve.
attempt=0
until temporal operator cluster health >/dev/null 2>&1; do
  attempt=$((attempt + 1))
  [ "$attempt" -lt 60 ] || { echo "Temporal does not answer at $TEMPORAL_ADDRESS" >&2; exit 1; }
  sleep 1
done

temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 72h

# A new namespace takes the server's caches some seconds.
until temporal operator search-attribute list >/dev/null 2>&1; do
  attempt=$((attempt + 1))
  [ "$attempt" -lt 60 ] || { echo "Temporal does not know the namespace $TEMPORAL_NAMESPACE" >&2; exit 1; }
  sleep 1
done
