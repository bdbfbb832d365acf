# shellcheck shell=bash
# Surroundings for the podman-* scripts: a podman with storage, state and an image of its own, that
# calls the runtime in $RUNTIME (default: this tree's kumite; RUNTIME=runc or crun checks the test
# itself). Read by them as their first act; starts them anew in a mount namespace of their own.
#
# PODMAN_TESTS="name name ..." runs only these.
set -uo pipefail

[ "$(id -u)" = 0 ] || {
    echo "${0##*/}: left out, needs root"
    exit 0
}
here=${HERE:-$(cd -- "${0%/*}/../.." && pwd -P)}
# shellcheck disable=SC2034 # read by common.sh
me=${0##*/}
# shellcheck source=scripts/common.sh
. "$here/scripts/common.sh"
ensure_podman

if [ -z "${PODMAN_E2E_INSIDE-}" ]; then
    PODMAN_E2E_INSIDE=$(readlink /proc/self/ns/mnt)
    export PODMAN_E2E_INSIDE
    # One namespace for all commands: podman's overlay mounts live in it, and end with it.
    exec unshare --mount --propagation private -- "$BASH" "$0" "$@"
fi
[ "$PODMAN_E2E_INSIDE" != "$(readlink /proc/self/ns/mnt)" ] || {
    echo "not in a mount namespace of its own" >&2
    exit 1
}

# Short: below it are Unix sockets, whose paths have at most 107 bytes.
work=$(mktemp -d "${TMPDIR:-/tmp}/kp.XXXXXX")
# shellcheck source=scripts/e2e/checks.sh
. "$here/scripts/e2e/checks.sh"
# shellcheck disable=SC2034 # read by checks.sh
TESTS=${PODMAN_TESTS-}

# On a host with both cgroup hierarchies, crun refuses; only the mount goes, not its directory.
if mountpoint -q /sys/fs/cgroup/unified 2>/dev/null; then
    umount /sys/fs/cgroup/unified
fi

RUNTIME=${RUNTIME:-$here/kumite}
case $RUNTIME in
    */*) ;;
    *) RUNTIME=$(command -v "$RUNTIME") ;;
esac
name=$(basename "$RUNTIME")
mkdir -p "$work"/{bin,storage,run,tmp,image/bin,image/etc,image/tmp,image/proc,image/sys,image/dev,image/run,image/var/tmp,image/volume,image/fixed,image/scratch}
if [ "$name" = kumite ]; then
    # podman calls "state" without the flags that it has for everything else.
    cat >"$work/bin/kumite" <<END
#!/bin/sh
KUMITE_GUEST=${KUMITE_GUEST:-/var/lib/kumite/guest}
export KUMITE_GUEST
if [ -e "$work/configuration.toml" ]; then
    KATA_CONF_FILE=$work/configuration.toml
    export KATA_CONF_FILE
fi
exec $RUNTIME --root $work/k "\$@"
END
    chmod +x "$work/bin/kumite"
    RUNTIME=$work/bin/kumite
fi

# Limits that a process without CAP_SYS_RESOURCE may set.
cat >"$work/containers.conf" <<CONF
[containers]
default_ulimits = ["nofile=$(ulimit -Hn):$(ulimit -Hn)", "nproc=30000:30000"]
log_driver = "k8s-file"
[engine]
infra_image = "localhost/pause:test"
infra_command = "/bin/sleep 1000000"
events_logger = "file"
runtime_supports_json = ["crun", "runc", "kumite"]
CONF
printf '{"default":[{"type":"insecureAcceptAnything"}]}\n' >"$work/policy.json"
CONTAINERS_CONF=$work/containers.conf
export CONTAINERS_CONF

PODMAN=(podman --root "$work/storage" --runroot "$work/run" --tmpdir "$work/tmp"
    --storage-driver overlay --cgroup-manager cgroupfs --runtime "$RUNTIME")
podman() {
    timeout "${LIMIT:-300}" "${PODMAN[@]}" "$@"
}

# What a failed check has left would fail the next ones, too.
after_failure() {
    podman pod rm --all --force --time 0 >/dev/null 2>&1
    podman rm --all --force --time 0 >/dev/null 2>&1
}

cleanup() {
    podman pod rm --all --force --time 0 >/dev/null 2>&1
    podman rm --all --force --time 0 >/dev/null 2>&1
    if [ "$name" = kumite ] && [ -r "$work/k/.supervisor/contact" ]; then
        # It would end by itself in half a minute.
        read -r _ pid _ <"$work/k/.supervisor/contact" && kill "$pid" 2>/dev/null
    fi
    # What is mounted goes with the namespace; only then files are removed.
    grep -o " ${work}[^ ]*" /proc/self/mountinfo | sort -r | while read -r mount; do
        umount "$mount" 2>/dev/null
    done
    [ -n "${PODMAN_KEEP-}" ] || grep >/dev/null " $work" /proc/self/mountinfo || rm -rf -- "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

install -m 755 "$(command -v busybox)" "$work/image/bin/busybox"
"$work/image/bin/busybox" --list | while read -r applet; do
    [ "$applet" = busybox ] || ln -s busybox "$work/image/bin/$applet"
done
# What podman mounts over; see "what does not work" in docs/design/supervisor.md.
touch "$work"/image/etc/{hosts,hostname,resolv.conf}
printf 'root:x:0:0:root:/:/bin/sh\nuser:x:1000:1000:user:/:/bin/sh\n' >"$work/image/etc/passwd"
printf 'root:x:0:\nuser:x:1000:\n' >"$work/image/etc/group"
tar -C "$work/image" -c . | podman import --change CMD=/bin/sh - localhost/busybox:test >/dev/null 2>&1 || {
    echo "podman cannot make the image" >&2
    exit 1
}
# shellcheck disable=SC2034 # for who reads this
IMAGE=localhost/busybox:test
