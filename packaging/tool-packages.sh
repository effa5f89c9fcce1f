#!/usr/bin/env bash
# Packs the command and the service as `dotnet tool` packages of this platform: packaging/tool-packages.sh FOLDER. Then
#   dotnet tool install MatchEngine.Cli     --tool-path DIR --add-source FOLDER     gives DIR/matchengine
#   dotnet tool install MatchEngine.Service --tool-path DIR --add-source FOLDER     gives DIR/matchengine-service
# A package holds the five models (MIT, from npm), the native libraries of the platform that packs, and the notices of both.
# It works on that platform alone, with the .NET runtime of the project.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: packaging/tool-packages.sh FOLDER" >&2; exit 2; }
out=$(realpath -m "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for project in MatchEngine.Cli MatchEngine.Service; do
  dotnet build -c Release -v q "src/$project"
  # Without the list of platforms: with it a package for each would be made, and its natives fetched.
  dotnet pack --no-build -c Release -v q -p:RuntimeIdentifiers= -o "$out" "src/$project"
done
ls -l "$out"
