# PostgreSQL and an S3-compatible store for the tests, started once a run and stopped at its end whatever happens. Sourced by test.sh.
# RUNSTONE_TEST_POSTGRES and RUNSTONE_TEST_S3 (CONTRIBUTING.md), when set, name servers to use instead.

readonly server_tools="$PWD/../shared/tools"

servers=

stop_servers() {
  local tool
  [[ -n $servers ]] || return 0
  for tool in start-postgres start-s3; do
    [[ -d $servers/$tool ]] && "$server_tools/$tool" --stop "$servers/$tool" >>"$logs/stop-servers.log" 2>&1
  done
  rm -rf "$servers"
  servers=
}

# start <tool>: leaves what it prints in $servers/<tool>.lines.
start() {
  check_step "$1" bash -c '"$1" "$2" >"$2.lines"' start "$server_tools/$1" "$servers/$1"
}

# The connection string, from the variables that start-postgres prints; these must not reach the tests.
connection_string() (
  eval "$(<"$servers/start-postgres.lines")"
  printf 'Host=%s;Port=%s;Username=%s;Password=%s;Database=%s' "$PGHOST" "$PGPORT" "$PGUSER" "$PGPASSWORD" "$PGDATABASE"
)

# True when both servers can be used; otherwise says once what is missing.
servers_are_there() {
  if [[ -n ${RUNSTONE_TEST_POSTGRES:-} && -n ${RUNSTONE_TEST_S3:-} ]]; then
    say "ok       PostgreSQL and the object store are named by the environment"
    return 0
  fi
  if [[ ! -x $server_tools/start-postgres || ! -x $server_tools/start-s3 ]]; then
    missing "tests on PostgreSQL and S3: set RUNSTONE_TEST_POSTGRES and RUNSTONE_TEST_S3 (CONTRIBUTING.md)"
    return 1
  fi
  if ((EUID != 0)); then
    missing "tests on PostgreSQL and S3: root starts the servers; or set RUNSTONE_TEST_POSTGRES and RUNSTONE_TEST_S3 (CONTRIBUTING.md)"
    return 1
  fi
  servers=$(mktemp -d "${TMPDIR:-/tmp}/runstone-servers-XXXXXX")
  trap stop_servers EXIT
  chmod 711 "$servers" # PostgreSQL runs as a user of its own
  start start-postgres && start start-s3 || return 1
  RUNSTONE_TEST_POSTGRES=$(connection_string)
  eval "$(<"$servers/start-s3.lines")"
  export RUNSTONE_TEST_POSTGRES RUNSTONE_TEST_S3="endpoint=$S3_ENDPOINT;bucket=$S3_BUCKET"
}
