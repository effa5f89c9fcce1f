#!/usr/bin/env bash
# Writes openapi/*.json anew from what the service serves: after a change of routes, requests or answers. The client of src/MatchEngine.Client
# is made of it by the next build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
dotnet build -c Release tests/MatchEngine.Service.Tests
MATCHENGINE_REWRITE=1 tests/MatchEngine.Service.Tests/bin/Release/net10.0/MatchEngine.Service.Tests \
  -method '*The_committed_document_is_what_the_service_serves' -method '*Every_operation_has_its_request_and_no_request_another_one'
