# shellcheck shell=bash
# Surroundings for the containerd-* scripts: a containerd with root, state and socket of its own, and
# images that are made here. Read by them as their first act.
#
# CONTAINERD_TESTS="name name ..." runs only these; CONTAINERD_KEEP=1 leaves the files.
set -uo pipefail

me=${0##*/}
[ "$(id -u)" = 0 ] || {
    echo "$me: left out, needs root"
    exit 0
}
here=${HERE:-$(cd -- "${0%/*}/../.." && pwd -P)}
# shellcheck source=scripts/common.sh
. "$here/scripts/common.sh"
SHIM=${SHIM:-$here/containerd-shim-kumite-v2}
if [ -z "${CONTAINERD_APART-}" ]; then
    ensure_machine
    ensure_containerd
    # Builds, if that is needed: containerd must not wait for it.
    "$SHIM" -v >/dev/null || exit 1
    # Bridges, addresses, routes and the names of namespaces are this script's alone, and end with it.
    export CONTAINERD_APART=yes
    mkdir -p /run/netns
    # shellcheck disable=SC2016 # for the inner shell
    exec unshare --net --mount sh -c 'ip link set lo up && mount -t tmpfs netns /run/netns && exec "$@"' sh "$0" "$@"
fi

# Short: below it are Unix sockets, whose paths have at most 107 bytes.
work=$(mktemp -d "${TMPDIR:-/tmp}/kc.XXXXXX")
# shellcheck source=scripts/e2e/checks.sh
. "$here/scripts/e2e/checks.sh"
# shellcheck disable=SC2034 # read by checks.sh
TESTS=${CONTAINERD_TESTS-}
export KUMITE_ROOT=$work/k
export KUMITE_GUEST=${KUMITE_GUEST:-/var/lib/kumite/guest}
export CONTAINERD_ADDRESS=$work/c.sock

mkdir -p "$work"/{opt/bin,cni/leases,cni/conf,image/bin,image/etc,image/tmp,image/proc,image/sys,image/dev,image/run}
ln -s "$SHIM" "$work/opt/bin/containerd-shim-kumite-v2"

# The supervisor's pid.
supervisor() {
    local pid
    read -r _ pid _ <"$KUMITE_ROOT/.supervisor/contact" && echo "$pid"
}

start_containerd() {
    # Nothing of ours but what the shim is to see. It finds the binary also in its own directory.
    (
        cd "$work" || exit
        exec env -i PATH="$work/opt/bin:$PATH" KUMITE_ROOT="$KUMITE_ROOT" KUMITE_GUEST="$KUMITE_GUEST" \
            containerd --config "$work/config.toml"
    ) >>"$work/containerd.log" 2>&1 </dev/null &
    echo $! >"$work/containerd.pid"
    # That it was killed is no news.
    disown
    await 30 ctr version
}

# kill_containerd SIGNAL: and waits until it is gone. It may be another subshell's child.
kill_containerd() {
    local pid
    pid=$(cat "$work/containerd.pid")
    kill "-$1" "$pid" 2>/dev/null || :
    await 30 ended "$pid"
}

ended() {
    # Without "||", the trap for errors would write into what is compared.
    case $(ps -o stat= -p "$1" || :) in '' | Z*) ;; *) return 1 ;; esac
}

# await SECONDS COMMAND...: until it succeeds.
await() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || {
            echo "not within its time: $*"
            return 1
        }
        read -rt 0.2 <> <(:) || :
    done
}

ctr() {
    timeout "${LIMIT:-180}" ctr "$@"
}

# See tasks.py.
tasks() {
    timeout 200 /usr/bin/python3 "$here/scripts/e2e/tasks.py" "$CONTAINERD_ADDRESS" "$@"
}

# Removes what a test has left that went wrong.
sweep() {
    local namespace task
    for namespace in default k8s.io; do
        for task in $(ctr -n "$namespace" task ls -q 2>/dev/null); do
            LIMIT=60 ctr -n "$namespace" task rm -f "$task" >/dev/null 2>&1
        done
        for task in $(ctr -n "$namespace" container ls -q 2>/dev/null); do
            ctr -n "$namespace" container rm "$task" >/dev/null 2>&1
        done
    done
}

after_failure() {
    sweep
}

cleanup() {
    local pid
    [ ${#failed[@]} -eq 0 ] || sweep
    kill_containerd TERM
    pid=$(supervisor 2>/dev/null) && kill "$pid" 2>/dev/null
    for pid in $(pgrep -f -- "$KUMITE_ROOT/"); do
        [ "$pid" = $$ ] || kill -9 "$pid" 2>/dev/null
    done
    grep -o " ${work}[^ ]*" /proc/self/mountinfo | sort -r | while read -r mount; do
        umount -l "$mount" 2>/dev/null
    done
    [ -n "${CONTAINERD_KEEP-}" ] || grep >/dev/null " $work" /proc/self/mountinfo || rm -rf -- "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

cat >"$work/config.toml" <<CONF
version = 2
root = "$work/root"
state = "$work/state"
disabled_plugins = ["io.containerd.internal.v1.restart", "io.containerd.snapshotter.v1.aufs",
    "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
    "io.containerd.snapshotter.v1.devmapper"]
[grpc]
  address = "$CONTAINERD_ADDRESS"
[plugins."io.containerd.internal.v1.opt"]
  path = "$work/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "registry.k8s.io/pause:test"
  restrict_oom_score_adj = true
  stream_server_address = "127.0.0.1"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$work/cni/conf"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    default_runtime_name = "kumite"
    snapshotter = "${SNAPSHOTTER:-overlayfs}"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.kumite]
      runtime_type = "io.containerd.kumite.v2"
      pod_annotations = ["io.katacontainers.*"]
      privileged_without_host_devices = true
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.kumite.options]
        ConfigPath = "$work/configuration.toml"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
CONF

# image NAME DIRECTORY COMMAND...: an archive of one layer, as "ctr image import" takes it.
image() {
    python3 - "$work" "$@" <<'PY'
import hashlib, io, json, os, sys, tarfile
work, name, tree, command = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
layer = io.BytesIO()
with tarfile.open(fileobj=layer, mode="w") as tar:
    tar.add(tree, arcname=".")
layer = layer.getvalue()
blobs = {}
def blob(data):
    digest = hashlib.sha256(data).hexdigest()
    blobs[digest] = data
    return {"digest": "sha256:" + digest, "size": len(data)}
part = dict(blob(layer), mediaType="application/vnd.oci.image.layer.v1.tar")
config = json.dumps({
    "architecture": {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine], "os": "linux",
    "config": {"Cmd": command, "Env": ["PATH=/bin"]},
    "rootfs": {"type": "layers", "diff_ids": [part["digest"]]}}).encode()
manifest = json.dumps({
    "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
    "config": dict(blob(config), mediaType="application/vnd.oci.image.config.v1+json"),
    "layers": [part]}).encode()
index = json.dumps({"schemaVersion": 2, "manifests": [dict(
    blob(manifest), mediaType="application/vnd.oci.image.manifest.v1+json",
    annotations={"io.containerd.image.name": name, "org.opencontainers.image.ref.name": name.split(":")[-1]})]}).encode()
with tarfile.open(work + "/image.tar", "w") as tar:
    def put(path, data):
        entry = tarfile.TarInfo(path)
        entry.size = len(data)
        tar.addfile(entry, io.BytesIO(data))
    put("oci-layout", b'{"imageLayoutVersion":"1.0.0"}')
    put("index.json", index)
    for digest, data in blobs.items():
        put("blobs/sha256/" + digest, data)
PY
}

install -m 755 "$(command -v busybox)" "$work/image/bin/busybox"
"$work/image/bin/busybox" --list | while read -r applet; do
    [ "$applet" = busybox ] || ln -s busybox "$work/image/bin/$applet"
done
touch "$work"/image/etc/{hosts,hostname,resolv.conf}
printf 'root:x:0:0:root:/:/bin/sh\nuser:x:1000:1000:user:/:/bin/sh\n' >"$work/image/etc/passwd"
printf 'root:x:0:\nuser:x:1000:\n' >"$work/image/etc/group"
# shellcheck disable=SC2034 # for who reads this
IMAGE=docker.io/library/busybox:test

# What a node has, and the CRI started there: a bridge, the host's end of it with an address, and an address for each
# pod; images; a configuration that the runtime's options name and the usual places have not.
prepare_cri() {
    subnet=10.77.0
    logs=$work/logs
    mkdir -p "$logs"
    cat >"$work/cni/conf/10-bridge.conflist" <<CNI
{"cniVersion": "0.4.0", "name": "pods", "plugins": [{
  "type": "bridge", "bridge": "pods", "isGateway": true,
  "ipam": {"type": "host-local", "dataDir": "$work/cni/leases", "ranges": [[{"subnet": "$subnet.0/24"}]],
    "routes": [{"dst": "0.0.0.0/0"}]}}]}
CNI
    "$here/kumite" config template |
        sed 's/^enable_annotations = .*/enable_annotations = ["default_vcpus", "default_memory"]/; s/^default_memory = .*/default_memory = 1024/' |
        sed "s|/var/lib/kumite/guest|$KUMITE_GUEST|" >"$work/configuration.toml"
    start_containerd &&
        image "$IMAGE" "$work/image" /bin/sh &&
        ctr -n k8s.io image import "$work/image.tar" >/dev/null &&
        image registry.k8s.io/pause:test "$work/image" /bin/sleep 1000000 &&
        ctr -n k8s.io image import "$work/image.tar" >/dev/null
}

cri() {
    timeout 260 /usr/bin/python3 "$here/scripts/e2e/cri.py" "$CONTAINERD_ADDRESS" "$@"
}

# run_pod NAME ANNOTATION...
run_pod() {
    local pod=$1
    shift
    cri run-pod "$pod" kumite "$logs" "$@"
}

# create POD NAME COMMAND...
create() {
    local pod=$1 container=$2
    shift 2
    echo "$logs" | cri create "$pod" "$container" "$IMAGE" "$@"
}

# Nothing of a task is left: no machine, no mount, no record.
nothing_left() {
    ! pgrep -f -- "qemu-system.*$KUMITE_ROOT/" || return 1
    ! pgrep -f -- "virtiofsd.*$KUMITE_ROOT/" || return 1
    ! grep " $KUMITE_ROOT/" /proc/self/mountinfo || return 1
    ! grep " $work/state/io.containerd.runtime" /proc/self/mountinfo || return 1
    [ -z "$(find "$KUMITE_ROOT/.shim" -name '*.task' 2>/dev/null)" ]
}
