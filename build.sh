#!/usr/bin/env bash
# Restores the build tool and runs build.cake; ./build.sh --help lists targets and options.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
[ -t 1 ] || export NO_COLOR=1

if ! version="$(dotnet --version 2>&1)"; then
  echo "$version" >&2
  echo "build.sh needs the .NET 10 SDK as 'dotnet' on the PATH: https://dotnet.microsoft.com/download" >&2
  exit 1
fi
if ! restored="$(dotnet tool restore 2>&1)"; then
  echo "$restored" >&2
  exit 1
fi
exec dotnet cake build.cake -- "$@"
