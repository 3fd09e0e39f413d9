#!/usr/bin/env bash
# Restores, builds and runs every test of the repository; the last line is "N passed, N failed[, N skipped]".
# Needs the .NET SDK 10, and Node 20 or newer with Chromium for the page; PostgreSQL and an S3-compatible store for the second
# size (servers.sh). As root on Debian it installs the Debian packages that are missing; elsewhere it says what it skipped. With
# CI=true a missing tool is a failure.
# The logs of all steps stay in artifacts/test-logs.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source eng/steps.sh
source eng/servers.sh
exec </dev/null

readonly configuration=Release
readonly node_needed=20
# What tests use: git, nginx, and a browser with fonts for letters, ideographs and signs.
readonly debian_packages=(git nginx-light chromium fonts-liberation fonts-noto-cjk fonts-noto-color-emoji)

export CI="${CI:-false}"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en TESTINGPLATFORM_TELEMETRY_OPTOUT=1
export MSBUILDDISABLENODEREUSE=1 NO_COLOR=1 npm_config_fund=false npm_config_audit=false npm_config_update_notifier=false
# The build whose server the browser tests start.
export RUNSTONE_TEST_CONFIGURATION=$configuration

debian_packages_are_there() {
  command -v dpkg-query >/dev/null || return 0
  local wanted=()
  for package in "${debian_packages[@]}"; do
    [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) == *" installed" ]] || wanted+=("$package")
  done
  ((${#wanted[@]} == 0)) && return 0
  if ((EUID != 0)); then
    say "note     not root, so these Debian packages are not installed: ${wanted[*]}"
    return 0
  fi
  step "apt-get update" apt-get update -q || return 0
  check_step "apt-get install" bash -c "$install_quietly" install "${wanted[@]}"
}

# Servers among the packages are not started: a policy-rc.d that says 101 forbids it.
readonly install_quietly='
  policy=/usr/sbin/policy-rc.d
  if [[ ! -e $policy ]]; then
    trap "rm -f $policy" EXIT
    printf "#!/bin/sh\nexit 101\n" >$policy && chmod 755 $policy
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"'

dotnet_is_there() {
  local version
  version=$(dotnet --version 2>&1) && return 0
  say "FAILED   .NET SDK 10 is needed (global.json names it); dotnet --version says: $version"
  failed=$((failed + 1))
  return 1
}

# True when the page's tools are there; otherwise says once what is missing.
node_is_there() {
  local version
  version=$(node --version 2>/dev/null) || version="none"
  if [[ $version =~ ^v([0-9]+)\. ]] && ((BASH_REMATCH[1] >= node_needed)) && command -v npm >/dev/null; then
    return 0
  fi
  missing "the page's checks and tests: Node $node_needed or newer with npm is needed, found: $version"
  return 1
}

browser() {
  command -v "${CHROMIUM:-chromium}" || command -v chromium-browser || command -v google-chrome
}

# Locally, packages that match the lock file are kept; CI always installs afresh.
web_packages() {
  if [[ $CI != true && web/node_modules/.package-lock.json -nt web/package-lock.json ]]; then
    say "ok       npm ci (nothing changed)"
    return 0
  fi
  check_step "npm ci" npm --prefix web ci
}

web_steps() {
  web_packages || return 1
  check_step "npm run check" npm --prefix web run check
  test_step "npm test" npm --prefix web test
  check_step "npm run build" npm --prefix web run build
}

web_browser_tests() {
  if browser >/dev/null; then
    test_step "npm run e2e" npm --prefix web run e2e
  else
    missing "the page's browser tests: Chromium is needed"
  fi
}

dotnet_build() {
  check_step "dotnet restore" dotnet restore Runstone.slnx &&
    check_step "dotnet build" dotnet build Runstone.slnx --no-restore --configuration "$configuration" -nodeReuse:false
}

# What runs a server runs once on each kind of store; Storage.Tests knows all of them itself.
dotnet_tests() {
  local project name program
  for project in tests/*/*.Tests.csproj; do
    name=$(basename "$project" .csproj)
    program=("tests/$name/bin/$configuration/net10.0/$name" --no-ansi --progress off)
    case $name in
      Runstone.Server.Tests | Runstone.Client.Tests | Runstone.Cli.Tests)
        test_step "$name" env RUNSTONE_TEST_STORE=sqlite "${program[@]}" --filter-not-trait Store=postgres
        if [[ $servers_ready == true ]]; then
          test_step "$name on PostgreSQL and S3" env RUNSTONE_TEST_STORE=postgres "${program[@]}" --filter-not-trait Store=sqlite
        fi
        ;;
      *) test_step "$name" env RUNSTONE_TEST_STORE=sqlite "${program[@]}" ;;
    esac
  done
}

mkdir -p "$logs"
debian_packages_are_there
dotnet_is_there || finish
web_ready=false
if [[ -f web/package.json ]] && node_is_there; then
  web_steps && web_ready=true # before the build of the server, which carries the built page
fi
# The compiler checks style rules; this checks the layout of every line, without loading a project.
check_step "dotnet format" dotnet format whitespace . --folder --verify-no-changes --exclude web artifacts
if dotnet_build; then
  servers_ready=false
  servers_are_there && servers_ready=true
  dotnet_tests
  if [[ $web_ready == true ]]; then web_browser_tests; fi
fi
finish
