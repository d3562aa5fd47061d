# Creates a root file system for containers: see runtime.rs.
set -eu
node=$1
script=$2

# The smallest root file system that runs a shell.
root=$node/rootfs
mkdir -p "$root"/{bin,proc,sys,dev,tmp,etc,run}
for program in /bin/sh /bin/sleep; do
    cp -L "$program" "$root$program"
    for library in $(ldd "$program" | grep -o '/[^ ]*'); do
        mkdir -p "$root${library%/*}"
        cp -L "$library" "$root$library"
    done
done

