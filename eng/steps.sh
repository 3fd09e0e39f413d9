# Steps of a test run: one progress line each, a log file each, and one sum. Sourced by test.sh.

readonly logs="$PWD/artifacts/test-logs"
readonly step_limit=600 # seconds

passed=0 failed=0 skipped=0 running=

# timeout keeps the command in a group of its own, which Ctrl+C does not reach.
trap '[[ -n $running ]] && kill -TERM "$running"; exit 130' INT TERM

say() { printf '%s\n' "$*"; }

# Prints the sum, which is the last line of a run, and exits.
finish() {
  say "$(printf '%d passed, %d failed' "$passed" "$failed")$( ((skipped > 0)) && printf ', %d skipped' "$skipped")"
  exit $((failed > 0))
}

# A tool is not there: a failure in CI, else something skipped.
missing() {
  if [[ $CI == true ]]; then
    say "FAILED   $*"
    failed=$((failed + 1))
  else
    say "skipped  $*"
    skipped=$((skipped + 1))
  fi
}

# step <name> <command> [arguments]: runs it with its output in $log, which is shown when it fails.
step() {
  local name=$1 status=0 started=$SECONDS
  shift
  log="$logs/${name//[^A-Za-z0-9.]/-}.log"
  timeout --kill-after=10 "$step_limit" "$@" >"$log" 2>&1 &
  running=$!
  wait "$running" || status=$?
  running=
  if ((status == 0)); then
    say "ok       $name ($((SECONDS - started)) s)"
    return 0
  fi
  say "FAILED   $name ($((SECONDS - started)) s, exit code $status): $*"
  ((status == 124 || status == 137)) && say "         stopped after $step_limit s"
  sed 's/^/         | /' "$log"
  return "$status"
}

# A step that is no test: only its failure counts.
check_step() {
  step "$@" && return 0
  failed=$((failed + 1))
  return 1
}

# The number that the expression captures in the last line of the log it matches from the start; 0 when there is none.
number() {
  local found
  found=$(sed -E 's/\x1b\[[0-9;]*m//g' "$log" | sed -nE "s/^$1.*\$/\1/p" | tail -n 1)
  printf '%s' "${found:-0}"
}

# Reads the runner's summary from the log into $ok, $bad and $left.
read_summary() {
  if grep -q '^Test run summary:' "$log"; then # Microsoft.Testing.Platform
    ok=$(number ' *succeeded: ([0-9]+)') bad=$(number ' *failed: ([0-9]+)') left=$(number ' *skipped: ([0-9]+)')
  elif grep -qE '^[0-9]+ passed, [0-9]+ failed' "$log"; then # a script of ours
    ok=$(number '([0-9]+) passed, ') bad=$(number '.* ([0-9]+) failed') left=$(number '.* ([0-9]+) skipped')
  elif grep -qE '^[^ ]+ pass [0-9]+$' "$log"; then # node --test
    ok=$(number '[^ ]+ pass ([0-9]+)') bad=$(number '[^ ]+ fail ([0-9]+)') left=$(number '[^ ]+ skipped ([0-9]+)')
  else # vitest
    ok=$(number ' *Tests .* ([0-9]+) passed') bad=$(number ' *Tests .* ([0-9]+) failed')
    left=$(number ' *Tests .* ([0-9]+) skipped')
  fi
}

# A step that runs tests: adds up its summary. When no test ran, or the runner failed without a failed test (a crash, a
# hang), that counts as one failed.
test_step() {
  local status=0 ok=0 bad=0 left=0
  step "$@" || status=$?
  read_summary
  if ((ok + bad == 0)); then
    say "FAILED   $1: no test ran"
    status=1
  fi
  if ((status != 0 && bad == 0)); then bad=1; fi
  passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + left))
}
