# shellcheck shell=bash
# How the scripts for podman and containerd run their checks and count them. $TESTS has the names of those that are wanted,
# all if it is empty; $work is a directory for their output.
passed=0
failed=()

# What else is done after a check has failed.
after_failure() {
    :
}

# check NAME COMMAND...: runs a function in a subshell with errors on; its output shows if it fails.
check() {
    local test=$1 begin=${EPOCHREALTIME/./} code
    shift
    case " ${TESTS:-$test} " in *" $test "*) ;; *) return ;; esac
    # shellcheck disable=SC2154 # set by who reads this
    # Not as a condition: there, the shell would go on after a command that fails.
    (
        set -eE
        trap 'echo "line $LINENO: $BASH_COMMAND"' ERR
        "$@"
    ) >"$work/output" 2>&1
    code=$?
    if [ "$code" -eq 0 ]; then
        passed=$((passed + 1))
        printf 'ok   %-24s %6d ms\n' "$test" $(((${EPOCHREALTIME/./} - begin) / 1000))
    else
        failed+=("$test")
        printf 'FAIL %-28s\n' "$test"
        sed 's/^/     | /' "$work/output" | tail -n 20
        after_failure
    fi
}

# equal EXPECTED ACTUAL
equal() {
    [ "$1" = "$2" ] || {
        printf 'expected "%s", but was "%s"\n' "$1" "$2"
        return 1
    }
}

# code EXPECTED COMMAND...
code() {
    local expected=$1 actual=0
    shift
    "$@" || actual=$?
    equal "$expected" "$actual"
}

# Conditions read all of what they are piped ("grep >/dev/null", not "grep -q"): with pipefail, a writer that
# meets a closed pipe would be a failure.
summary() {
    echo "${name-$me}: $passed passed, ${#failed[@]} failed${failed[*]:+: ${failed[*]}}"
    [ ${#failed[@]} -eq 0 ]
}
