# Starts containerd and runs a script: see containerd.rs. Comes after rootfs.sh.

# Replaces the machine's folders that containerd, runc and plugins would read or change.
mkdir -p "$node/etc" "$node/opt/cni" "$node/run"
cp -a /etc/. "$node/etc/"
# Packages of other runtimes may have installed networks.
rm -rf "$node/etc/cni"
mkdir "$node/etc/cni"
ln -sfn "$node/net.d" "$node/etc/cni/net.d"
ln -sfn "$node/bin" "$node/opt/cni/bin"

for folder in etc opt run; do
    mount --bind "$node/$folder" "/$folder"
done
mount --bind "$node/lib" /var/lib

export CONTAINERD_ADDRESS=/run/containerd.sock
# Control groups are shared with the machine, so concurrent tests need different names. The name of
# the folder ends with 6 random characters, so "NAMESPACE-box1" has 12.
export CONTAINERD_NAMESPACE=t${node: -6}
cat >"$node/containerd.toml" <<END
version = 2
disabled_plugins = ["io.containerd.grpc.v1.cri"]
root = "$node/containerd"
state = "/run/containerd"
[grpc]
address = "$CONTAINERD_ADDRESS"
END
# The processes end with this namespace, but their control groups stay.
cleanup() {
    ctr task ls -q | xargs -r ctr task rm --force
    find /sys/fs/cgroup -depth -type d -path "*/$CONTAINERD_NAMESPACE*" -exec rmdir {} +
} >/dev/null 2>&1
trap cleanup EXIT

containerd --config "$node/containerd.toml" >"$node/containerd.log" 2>&1 &
until ctr version >/dev/null 2>&1; do
    kill -0 $! || exit 1
    sleep 0.05
done

box() {
    local id=$1
    shift
    ctr run --rm --snapshotter native --cni --rootfs "$root" "$id" "$@"
}
eval "$script"
