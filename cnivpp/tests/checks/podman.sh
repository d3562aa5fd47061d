# Sets the node's folders up and runs a script with podman: see with_podman.rs.
set -eu
node=$1
script=$2

# The smallest root file system that runs a shell.
root=$node/rootfs
mkdir -p "$root"/{bin,proc,sys,dev,tmp,etc,run} "$node/run"
for program in /bin/sh /bin/sleep; do
    cp -L "$program" "$root$program"
    for library in $(ldd "$program" | grep -o '/[^ ]*'); do
        mkdir -p "$root${library%/*}"
        cp -L "$library" "$root$library"
    done
done

mount --bind "$node/run" /run
mount --bind "$node/lib" /var/lib
cat >"$node/containers.conf" <<END
[containers]
log_driver = "k8s-file"
[network]
network_backend = "cni"
cni_plugin_dirs = ["$node/bin"]
network_config_dir = "$node/net.d"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "none"
runtime = "runc"
lock_type = "file"
END
cat >"$node/storage.conf" <<END
[storage]
driver = "vfs"
runroot = "/run/containers"
graphroot = "$node/storage"
END
export CONTAINERS_CONF="$node/containers.conf"
export CONTAINERS_STORAGE_CONF="$node/storage.conf"
# Processes end with this namespace; their control groups do not.
cleanup() {
    podman rm --all --force --time 0
    find /sys/fs/cgroup -depth -type d -path "*/libpod_parent*" -exec rmdir {} +
} >/dev/null 2>&1
trap cleanup EXIT

eval "$script"
