#!/usr/bin/env bash
# Makes eval/results/dossier anew: the reference service, started for it over TLS with a gallery of the profile ngi-ips, is examined on the
# London set, its load made up. Takes some minutes. Nothing of anybody's photos is in what it leaves there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
data=${MATCHENGINE_DATA:-../shared/data}
port=${PORT:-18443}
out=eval/results/dossier
work=$(mktemp -d)
trap 'kill "${service:-}" 2> /dev/null; wait; rm -rf "$work"' EXIT

[ -n "${NO_BUILD:-}" ] || { dotnet build -c Release -v q src/MatchEngine.Cli && dotnet build -c Release -v q src/MatchEngine.Service; }
dotnet src/MatchEngine.Service/bin/Release/net10.0/MatchEngine.Service.dll --data "$work/frs" --urls "https://localhost:$port" > "$work/log" &
service=$!
frs() { curl --silent --fail --cacert "$work/frs/tls/development.pem" -H "Authorization: Bearer $(cat "$work/key")" "$@"; }
for _ in $(seq 300); do
  grep -o 'me_[A-Za-z0-9_]*' "$work/log" | head -1 > "$work/key" || true
  [ -s "$work/key" ] && frs "https://localhost:$port/ready" > /dev/null && break
  sleep 0.2
done

json=(-H 'Content-Type: application/json')
at=https://localhost:$port/v1
frs "$at/galleries" "${json[@]}" -d '{"name":"vetting","profile":"ngi-ips","approved":true}' > /dev/null
# An account of another organisation, from which the examiner's objects must be out of reach.
frs "$at/organisations" "${json[@]}" -d '{"id":"others","name":"Others"}' > /dev/null
frs "$at/accounts" "${json[@]}" -d '{"name":"other","organisation":"others","roles":["agent","supervisor","gallery-owner"]}' > "$work/account"
account=$(grep -o '"id":"[^"]*"' "$work/account" | head -1 | cut -d'"' -f4)
frs "$at/keys" "${json[@]}" -d "{\"name\":\"other\",\"account\":\"$account\"}" | grep -o 'me_[A-Za-z0-9_]*' | head -1 > "$work/other"

rm -rf "$out"
src/MatchEngine.Cli/bin/Release/net10.0/matchengine vet --target "matchengine:https://localhost:$port" \
  --certificate "$work/frs/tls/development.pem" --credential "$work/key" --other-credential "$work/other" --process-id "$service" \
  --data-set "$data/london-faces" --protocol london-neutral-smiling --comparisons 200 --load-seconds "${LOAD_SECONDS:-10}" --load-minutes "${LOAD_MINUTES:-3}" \
  --no-pdf --out "$out" "$@"
rm -f "$out/run.jsonl"
