#!/bin/bash
# usage: build-from-debian.sh OUTDIR
# Builds a genuine kube-apiserver and kube-controller-manager 1.20.2 from the source package of Debian bookworm with bookworm's
# Go 1.19, and unpacks bookworm's etcd: for machines that reach a Debian mirror and nothing else. About five minutes on two
# cores and 2.5 GB of scratch space, which is removed. Of packages it installs at most dpkg-dev and Debian's archive keys.
set -euo pipefail
out=$(mkdir -p "$1" && cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
started=$SECONDS
say() { printf '[%3d s] %s\n' $((SECONDS - started)) "$*"; }

missing=()
command -v dpkg-source >/dev/null || missing+=(dpkg-dev)
keys=/usr/share/keyrings/debian-archive-keyring.gpg
[[ -e $keys ]] || missing+=(debian-archive-keyring)
if ((${#missing[@]})); then
    say "installing ${missing[*]}"
    as_root=(); ((EUID == 0)) || as_root=(sudo)
    "${as_root[@]}" apt-get -qq update
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get -qq install --no-install-recommends -y "${missing[@]}" >/dev/null
fi

# The mirror this machine already uses; the Debian archive itself where it uses none (Ubuntu).
mirrors=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} 2>/dev/null \
    | sed -nE 's#^(deb( +\[[^]]*\])?|URIs:) +([^ ]+/debian)/?( .*)?$#\3#p' || true)
mirror=${mirrors%%$'\n'*}
mirror=${mirror:-http://deb.debian.org/debian}

# An apt configuration of its own: the machine's is left alone, but its proxy and credentials apply.
mkdir -p "$work"/apt/{lists,cache,state} "$work"/{debs,root,home,gopath/src/k8s.io}
printf '%s [signed-by=%s] %s bookworm main\n' deb "$keys" "$mirror" deb-src "$keys" "$mirror" >"$work/apt/sources.list"
touch "$work/apt/status"
apt_here() {
    apt-get -qq -o Dir::Etc::SourceList="$work/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State="$work/apt/state" -o Dir::State::Lists="$work/apt/lists" -o Dir::State::status="$work/apt/status" \
        -o Dir::Cache="$work/apt/cache" -o Acquire::Languages=none -o APT::Sandbox::User=root "$@"
}
say "downloading Debian's source of Kubernetes and Go 1.19 from $mirror"
apt_here update
cd "$work/debs"
apt_here download golang-1.19-go golang-1.19-src golang-github-modern-go-reflect2-dev etcd-server
apt_here source --download-only kubernetes
say "unpacking"
for deb in *.deb; do dpkg -x "$deb" "$work/root"; done
dpkg-source --no-check -x kubernetes_*.dsc "$work/gopath/src/k8s.io/kubernetes" >/dev/null # apt has checked the hashes

export GOROOT=$work/root/usr/lib/go-1.19 GOPATH=$work/gopath GO111MODULE=off CGO_ENABLED=0 GOCACHE=$work/gocache GOFLAGS= HOME=$work/home
export PATH=$GOROOT/bin:$PATH
cd "$GOPATH/src/k8s.io/kubernetes"
version=$(dpkg-parsechangelog -S Version | sed 's/.*really//; s/-.*//')
major=${version%%.*} minor=${version#*.} minor=${minor%%.*}

# The vendored reflect2 1.0.1 is older than Go 1.18's map layout; Debian packages 1.0.2.
rm -rf vendor/github.com/modern-go/reflect2
cp -r "$work/root/usr/share/gocode/src/github.com/modern-go/reflect2" vendor/github.com/modern-go/

say "generating the OpenAPI definitions, which the source package lacks"
go build -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
packages=$({
    find -L vendor/k8s.io -name '*.go' -not -path '*/code-generator/*' -not -path '*/sample-apiserver/*'
    find pkg plugin cmd -name '*.go'
} | { xargs grep -l '^// *+k8s:openapi-gen=' || true; } | xargs -n1 dirname | LC_ALL=C sort -u | sed 's#^#k8s.io/kubernetes/#' | paste -sd,)
"$work/openapi-gen" --logtostderr -i "$packages" -p k8s.io/kubernetes/pkg/generated/openapi -O zz_generated.openapi \
    -h vendor/k8s.io/code-generator/hack/boilerplate.go.txt -r /dev/null

stamp=
for package in component-base/version client-go/pkg/version; do
    name=k8s.io/kubernetes/vendor/k8s.io/$package
    stamp+=" -X $name.gitVersion=v$version -X $name.gitMajor=$major -X $name.gitMinor=$minor -X $name.gitTreeState=archive"
done
say "compiling (about 1,900 packages)"
count=0
while read -r _; do
    ((++count % 100)) || say "compiled $count packages"
done < <(go build -v -trimpath -o "$out/" -ldflags "-s -w $stamp" ./cmd/kube-apiserver ./cmd/kube-controller-manager 2>&1 | tee "$work/build.log")
[[ -x $out/kube-apiserver && -x $out/kube-controller-manager ]] || { tail -20 "$work/build.log"; exit 1; }
cp "$work/root/usr/bin/etcd" "$out/"
say "kube-apiserver $version is ready"
