#!/bin/sh
# FAISS for this processor: benchmarks/peers/faiss-avx2.sh FOLDER. Debian builds FAISS for any x86-64, without AVX2, which makes it up to ten times as slow; here the
# source of that very package is built as FAISS's authors advise (FAISS_OPT_LEVEL=avx2), for this processor. Leaves FOLDER/libfaiss_avx2.a.
# Needs cmake, make, g++, dpkg-dev and libfaiss-dev (which bring BLAS and LAPACK); the system's package sources stay as they are.
set -eu
mkdir -p "$1"
target=$(cd "$1" && pwd)
[ ! -f "$target/libfaiss_avx2.a" ] || exit 0
version=$(dpkg-query -W -f '${source:Version}' libfaiss-dev)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
mkdir -p "$folder/lists/partial" "$folder/parts"
# The same places as the system's, for sources.
for file in /etc/apt/sources.list.d/*.sources; do
  [ ! -f "$file" ] || ! grep -q '^URIs:.*/debian' "$file" || sed 's/^Types:.*/Types: deb-src/' "$file" > "$folder/parts/$(basename "$file")"
done
[ ! -f /etc/apt/sources.list ] || sed -n 's/^deb /deb-src /p' /etc/apt/sources.list | grep '/debian' > "$folder/parts/system.list" || true
apt() { apt-get -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$folder/parts" -o Dir::State::lists="$folder/lists" -o APT::Sandbox::User=root "$@"; }
cd "$folder"
apt update
apt source --download-only "faiss=$version" || apt source --download-only faiss
dpkg-source --no-check -x faiss_*.dsc source
cmake -S source -B build -DCMAKE_BUILD_TYPE=Release -DFAISS_OPT_LEVEL=avx2 -DCMAKE_CXX_FLAGS=-march=native -DFAISS_ENABLE_GPU=OFF -DFAISS_ENABLE_PYTHON=OFF \
  -DBUILD_TESTING=OFF -DBUILD_SHARED_LIBS=OFF -DBLAS_LIBRARIES=-lblas -DLAPACK_LIBRARIES=-llapack
cmake --build build --target faiss_avx2 --parallel "$(getconf _NPROCESSORS_ONLN)"
mv build/faiss/libfaiss_avx2.a "$target/libfaiss_avx2.a.part"
mv "$target/libfaiss_avx2.a.part" "$target/libfaiss_avx2.a"
