# Sets the node's folders up, starts containerd and runs a script: see containerd.rs.
set -eu
node=$1
script=$2

# What containerd, runc and the plugins must not find or change on this machine.
mkdir -p "$node/etc" "$node/opt/cni" "$node/run"
cp -a /etc/. "$node/etc/"
# Packages of other runtimes have networks of their own there.
rm -rf "$node/etc/cni"
mkdir "$node/etc/cni"
ln -sfn "$node/net.d" "$node/etc/cni/net.d"
ln -sfn "$node/bin" "$node/opt/cni/bin"

# The smallest root file system that runs a shell.
root=$node/rootfs
mkdir -p "$root"/{bin,proc,sys,dev,tmp}
for program in /bin/sh /bin/sleep; do
    cp -L "$program" "$root$program"
    for library in $(ldd "$program" | grep -o '/[^ ]*'); do
        mkdir -p "$root${library%/*}"
        cp -L "$library" "$root$library"
    done
done

for folder in etc opt run; do
    mount --bind "$node/$folder" "/$folder"
done
mount --bind "$node/lib" /var/lib

export CONTAINERD_ADDRESS=/run/containerd.sock
# Control groups are those of the machine: nodes that run at once must not share names. The
# folder ends with 6 random characters, so that "NAMESPACE-box1" has 12.
export CONTAINERD_NAMESPACE=t${node: -6}
cat >"$node/containerd.toml" <<END
version = 2
disabled_plugins = ["io.containerd.grpc.v1.cri"]
root = "$node/containerd"
state = "/run/containerd"
[grpc]
address = "$CONTAINERD_ADDRESS"
END
# Processes end with this namespace; their control groups do not.
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
