#!/bin/sh
# An IPAM plugin that allocates 10.9.0.2 and so on, and fd09::2 and so on if "ipv6" is set. It has
# one file per address in the folder "ipam" of the node. With "fail", ADD fails. With "prefix", the
# subnet has another prefix length than 24.
folder=${0%/bin/*}/ipam
IFS= read -r conf
version=${conf#*'"cniVersion":"'}
version=${version%%'"'*}
owner="$CNI_CONTAINERID $CNI_IFNAME"
fail() {
    printf '{"cniVersion":"%s","code":%s,"msg":"%s"}' "$version" "$1" "$2"
    exit 1
}
case $CNI_COMMAND in
VERSION)
    echo '{"cniVersion":"1.1.0","supportedVersions":["0.3.0","0.3.1","0.4.0","1.0.0","1.1.0"]}'
    ;;
ADD)
    case $conf in *'"fail":true'*) fail 11 "no address is left" ;; esac
    number=2
    until (set -C && echo "$owner" >"$folder/$number") 2>/dev/null; do
        number=$((number + 1))
    done
    prefix=24
    case $conf in *'"prefix":'*)
        prefix=${conf#*'"prefix":'}
        prefix=${prefix%%[,\}]*}
        ;;
    esac
    old4= old6=
    case $version in 0.*) old4='"version":"4",' old6='"version":"6",' ;; esac
    ips="{$old4\"address\":\"10.9.$((number / 250)).$((number % 250))/$prefix\",\"gateway\":\"10.9.0.254\"}"
    case $conf in *'"ipv6":true'*)
        ips="$ips,{$old6\"address\":\"fd09::$number/64\",\"gateway\":\"fd09::ffff\"}"
        ;;
    esac
    echo "{\"cniVersion\":\"$version\",\"ips\":[$ips],\"routes\":[{\"dst\":\"0.0.0.0/0\",\"gw\":\"10.9.0.254\"}]}"
    ;;
DEL | CHECK)
    found=
    for file in "$folder"/*; do
        [ -f "$file" ] && IFS= read -r text <"$file" && [ "$text" = "$owner" ] || continue
        found=1
        [ "$CNI_COMMAND" = CHECK ] || rm "$file"
    done
    [ "$CNI_COMMAND$found" != CHECK ] || fail 100 "no address is allocated"
    ;;
esac
