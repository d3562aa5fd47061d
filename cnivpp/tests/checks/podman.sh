# Runs a script with podman: see with_podman.rs. Comes after rootfs.sh.

mkdir -p "$node/run"
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
# The processes end with this namespace, but their control groups stay.
cleanup() {
    podman rm --all --force --time 0
    find /sys/fs/cgroup -depth -type d -path "*/libpod_parent*" -exec rmdir {} +
} >/dev/null 2>&1
trap cleanup EXIT

eval "$script"
