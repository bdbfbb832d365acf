# shellcheck shell=sh
# For the scripts of this directory, to be read with "."; needs $me, the name that messages begin with.

say() {
    printf '%s: %s\n' "${me:?}" "$*" >&2
}

die() {
    say "$@"
    exit 1
}

# is_jdk DIRECTORY: whether it is a JDK, not just a run-time, of version 25 or later. Reads the
# release file: starting the JVM to ask takes longer than everything else here.
is_jdk() {
    [ -x "$1/bin/javac" ] && [ -x "$1/bin/jlink" ] && [ -r "$1/release" ] || return 1
    while IFS='=' read -r key value; do
        [ "$key" = JAVA_VERSION ] || continue
        value=${value#\"}
        value=${value%%[!0-9]*}
        [ "${value:-0}" -ge 25 ]
        return
    done <"$1/release"
    return 1
}

# find_jdk: sets JAVA_HOME to a JDK 25 or later, or fails.
find_jdk() {
    if [ -n "${KUMITE_JAVA_HOME-}" ]; then
        # Who names one wants that one, not whatever else is found.
        is_jdk "$KUMITE_JAVA_HOME" ||
            die "KUMITE_JAVA_HOME is '$KUMITE_JAVA_HOME', which is no JDK 25 or later; correct it, or unset it to have one looked for"
        JAVA_HOME=$KUMITE_JAVA_HOME
        export JAVA_HOME
        return
    fi
    on_path=$(command -v javac) && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/javac}
    for candidate in "${JAVA_HOME-}" "${on_path-}" /usr/lib/jvm/*; do
        if [ -n "$candidate" ] && is_jdk "$candidate"; then
            JAVA_HOME=$candidate
            export JAVA_HOME
            return
        fi
    done
    return 1
}

no_jdk() {
    die "needs a JDK 25 or later and found none in KUMITE_JAVA_HOME, JAVA_HOME, PATH, /usr/lib/jvm;" \
        "install Temurin 25 (package temurin-25-jdk, or unpack its tar.gz anywhere) and, if it is not in one of these places, set KUMITE_JAVA_HOME to its directory"
}

is_root() {
    [ "$(id -u)" = 0 ]
}

is_debian() {
    [ -f /etc/debian_version ] && command -v apt-get >/dev/null
}

# apt_install PACKAGE...: from Debian; the lists are fetched only if the ones at hand do not do.
apt_install() {
    say "installing $*"
    DEBIAN_FRONTEND=noninteractive
    export DEBIAN_FRONTEND
    # Another apt may hold the lock for a moment, such as the nightly upgrade.
    set -- -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
    apt-get "$@" >/dev/null 2>&1 || { apt-get update -qq >/dev/null && apt-get "$@" >/dev/null; }
}

# ensure_jdk: like find_jdk, but installs one where it can, and ends the script where it cannot.
ensure_jdk() {
    find_jdk && return
    if is_root && is_debian; then
        for package in temurin-25-jdk openjdk-25-jdk-headless; do
            if apt-cache show "$package" >/dev/null 2>&1 && apt_install "$package" && find_jdk; then
                return
            fi
        done
    fi
    no_jdk
}

# ensure_packages PACKAGE...: has them installed, or ends the script saying how that is done.
ensure_packages() {
    if is_root && is_debian; then
        apt_install "$@" || die "apt-get could not install $*"
    elif is_debian; then
        die "needs $*; run as root: apt-get install $*"
    else
        die "needs $*; install them with this system's package manager"
    fi
}

# ensure_machine: has what booting a machine, making an OCI bundle and making a disk take, or ends the script.
ensure_machine() {
    wanted=
    [ -x /usr/bin/qemu-system-x86_64 ] || wanted="$wanted qemu-system-x86"
    # Debian 12 has the daemon in qemu-system-common, later ones in a package of its own.
    [ -x /usr/lib/qemu/virtiofsd ] || [ -x /usr/libexec/virtiofsd ] || wanted="$wanted qemu-system-common"
    command -v crun >/dev/null || wanted="$wanted crun"
    command -v busybox >/dev/null || wanted="$wanted busybox-static"
    # Disks for tests.
    command -v mke2fs >/dev/null && command -v debugfs >/dev/null || wanted="$wanted e2fsprogs"
    [ -z "$wanted" ] || {
        # shellcheck disable=SC2086 # a list of packages
        ensure_packages $wanted
    }
}

# ensure_podman: has podman and what its tests call, or ends the script.
ensure_podman() {
    wanted=
    command -v podman >/dev/null && command -v conmon >/dev/null || wanted="$wanted podman"
    # Networks and --init; podman itself would do without.
    [ -x /usr/lib/podman/netavark ] || wanted="$wanted netavark"
    command -v iptables >/dev/null || wanted="$wanted iptables"
    command -v ip >/dev/null || wanted="$wanted iproute2"
    [ -x /usr/bin/tini-static ] || wanted="$wanted tini"
    command -v busybox >/dev/null || wanted="$wanted busybox-static"
    command -v python3 >/dev/null || wanted="$wanted python3"
    [ -z "$wanted" ] || {
        # shellcheck disable=SC2086 # a list of packages
        ensure_packages $wanted
    }
}

# ensure_containerd: has containerd and what its tests call, or ends the script.
ensure_containerd() {
    wanted=
    command -v containerd >/dev/null && command -v ctr >/dev/null || wanted="$wanted containerd"
    # Addresses and bridges for pods, and the client that asks for them.
    [ -x /usr/lib/cni/bridge ] || wanted="$wanted containernetworking-plugins"
    command -v ip >/dev/null || wanted="$wanted iproute2"
    /usr/bin/python3 -c 'import grpc' 2>/dev/null || wanted="$wanted python3-grpcio"
    command -v python3 >/dev/null || wanted="$wanted python3"
    command -v busybox >/dev/null || wanted="$wanted busybox-static"
    [ -z "$wanted" ] || {
        # shellcheck disable=SC2086 # a list of packages
        ensure_packages $wanted
    }
}

# test_summary LOG...: Surefire's summary over the modules of several builds.
test_summary() {
    awk '
        # Of the lines "Tests run: N, Failures: ..." those of a module, not those of a class.
        /Tests run: [0-9]/ && !/ -- in / && !/Time elapsed/ {
            gsub(/\033\[[0-9;]*m/, "")
            for (i = 1; i <= NF; i++) {
                if ($i == "run:") run += $(i + 1)
                if ($i == "Failures:") failures += $(i + 1)
                if ($i == "Errors:") errors += $(i + 1)
                if ($i == "Skipped:") skipped += $(i + 1)
                if ($i == "Flakes:") flakes += $(i + 1)
            }
        }
        END {
            printf "Tests run: %d, Failures: %d, Errors: %d, Skipped: %d", run, failures, errors, skipped
            if (flakes) printf ", passed only when they ran again: %d", flakes
        }' "$@"
}
