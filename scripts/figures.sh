# shellcheck shell=bash
# What the benchmarks measure with.

# pss PID: in KiB
pss() {
    awk '/^Pss:/ { print $2 }' "/proc/$1/smaps_rollup"
}

# anonymous PID: what of it no other process can share, in KiB
anonymous() {
    awk '/^Pss_Anon:/ { print $2 }' "/proc/$1/smaps_rollup"
}

load() {
    cut -d ' ' -f 1 /proc/loadavg
}

# apart_from_guest PID: what QEMU itself takes, without the guest's memory, in KiB
apart_from_guest() {
    awk '/^[0-9a-f]+-[0-9a-f]+ / { guest = /memfd:/ } /^Pss:/ && !guest { sum += $2 } END { print sum + 0 }' "/proc/$1/smaps"
}

# least_and_median: of the numbers in standard input, in microseconds; printed in milliseconds
least_and_median() {
    sort -n | awk '{ t[NR] = $1 } END { printf "%8.1f %8.1f\n", t[1] / 1000, t[int((NR + 1) / 2)] / 1000 }'
}

# milliseconds COUNT COMMAND...: least and median of so many calls
milliseconds() {
    local number=$1 begin end
    shift
    for _ in $(seq "$number"); do
        begin=${EPOCHREALTIME/./}
        "$@" >/dev/null </dev/null
        end=${EPOCHREALTIME/./}
        echo $((end - begin))
    done | least_and_median
}
