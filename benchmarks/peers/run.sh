#!/bin/sh
# The peers' table and plot: benchmarks/peers/run.sh [N] [PROBES]. What it needs and what each engine gets: README.md beside this file.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
n=${1:-100000}
probes=${2:-2000}
dimension=512
seed=1
repeat=${REPEAT:-3}
rounds=${ROUNDS:-2}
beams=${BEAMS:-40,80,160,320,640}
usearch=${USEARCH:-i8,f32}
output=${OUTPUT:-$here/../results/peers-$n}
cache=${CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/matchengine-peers}
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
mkdir -p "$(dirname "$output")"
output=$(cd "$(dirname "$output")" && pwd)/$(basename "$output")
if [ -n "${WORK:-}" ]; then
  mkdir -p "$WORK"
  work=$(cd "$WORK" && pwd)
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM
fi
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
# OpenBLAS 0.3.21 takes processors that are newer than itself for a Haswell, and leaves their AVX-512 unused unless it is told.
if grep -q avx512dq /proc/cpuinfo; then
  export OPENBLAS_CORETYPE="${OPENBLAS_CORETYPE:-SkylakeX}"
fi

(cd "$here" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error)
g++ -O3 -march=native -fopenmp "$here/peers.cpp" -lfaiss -lblas -llapack -o "$work/peers-debian"
dotnet build -c Release "$here/../MatchEngine.Benchmarks" -v quiet
bench="dotnet $here/../MatchEngine.Benchmarks/bin/Release/net10.0/MatchEngine.Benchmarks.dll"
rm -f "$work"/*.jsonl "$work"/*.ids "$work"/notes.txt

if "$here/faiss-avx2.sh" "$cache" > "$work/faiss-avx2.log" 2>&1; then
  g++ -O3 -march=native -fopenmp -DFAISS_NAME='"FAISS AVX2"' "$here/peers.cpp" "$cache/libfaiss_avx2.a" -lblas -llapack -o "$work/peers-avx2"
  engines=${ENGINES:-hnswlib avx2:faiss-flat avx2:faiss-sq8 avx2:faiss-sq8-direct avx2:faiss-hnsw-flat avx2:faiss-hnsw-sq8 avx2:faiss-hnsw-sq8-direct}
else
  tail -n 5 "$work/faiss-avx2.log" >&2
  echo "FAISS could not be built with AVX2 (above): Debian's stands alone" >&2
  echo "FAISS could not be built with AVX2 here: only Debian's, for any x86-64, stands in the table." >> "$work/notes.txt"
  engines=${ENGINES:-hnswlib}
fi
once=${ONCE-faiss-flat faiss-sq8 faiss-hnsw-flat faiss-hnsw-sq8}

split() { case $1 in avx2:*) build=avx2 engine=${1#avx2:} ;; *) build=debian engine=$1 ;; esac; }

$bench peers-data --n "$n" --probes "$probes" --dim "$dimension" --seed "$seed" --folder "$work"
# A graph belongs to the very vectors that it was built of.
digest=$(sha256sum "$work/base.f32" | cut -c 1-12)
graph() { echo "$cache/$build-$engine-n$n-d$dimension-s$seed-$digest.faiss"; }

# FAISS's graphs are built once and kept, with the processor time that it took. AVX2's one after another, as their rate counts; Debian's as many as there are processors.
for entry in $engines; do
  split "$entry"
  case $build:$engine in avx2:*hnsw*) [ -f "$(graph)" ] || "$work/peers-avx2" build "$work" "$dimension" "$engine" "$(graph)" 1 >&2 ;; esac
done
for entry in $once; do
  split "$entry"
  case $build:$engine in debian:*faiss-hnsw*) [ -f "$(graph)" ] || printf '%s\n%s\n1\n' "$engine" "$(graph)" ;; esac
done | xargs -r -d '\n' -n 3 -P "$(getconf _NPROCESSORS_ONLN)" "$work/peers-debian" build "$work" "$dimension" >&2

run() {
  split "$1"
  case $engine in *hnsw-*) file=$(graph) ;; *) file= ;; esac
  [ -z "$file" ] || [ -f "$file" ] || "$work/peers-$build" build "$work" "$dimension" "$engine" "$file" 1 >&2
  # shellcheck disable=SC2086 # no file, no argument
  "$work/peers-$build" run "$work" "$dimension" "$engine" "$rounds" "$beams" $file > "$work/$2.jsonl"
}
i=1
while [ "$i" -le "$repeat" ]; do
  echo "run $i of $repeat" >&2
  $bench peers-run --n "$n" --probes "$probes" --dim "$dimension" --seed "$seed" --rounds "$rounds" --ef "$beams" > "$work/0-matchengine-$i.jsonl"
  order=1
  for entry in $engines; do
    echo "  $entry" >&2
    run "$entry" "1-$order-$i"
    order=$((order + 1))
  done
  (cd "$here" && node usearch.mjs "$work" "$dimension" "$usearch" "$rounds" "$beams") > "$work/2-usearch-$i.jsonl"
  i=$((i + 1))
done
order=1
for entry in $once; do
  echo "once: $entry" >&2
  run "$entry" "3-$order"
  order=$((order + 1))
done

of() { dpkg-query -W -f '${Version}' "$1" 2> /dev/null || echo unknown; }
echo "hnswlib $(of libhnswlib-dev), FAISS $(of libfaiss-dev), BLAS $(of libopenblas0-pthread), $(g++ --version | head -n 1), USearch $(node -p "require('$here/node_modules/usearch/package.json').version"), Node $(node --version)." >> "$work/notes.txt"
echo "Medians of $repeat runs, in which the engines took turns${once:+ (Debian's FAISS: one)}; M = 16, efConstruction 200, one building thread for all; this engine's graph with its default, M = 32, beside it. Command: \`benchmarks/peers/run.sh $n $probes\`." >> "$work/notes.txt"
$bench peers-report --folder "$work" --title "Peers, $n face-like templates of $dimension dimensions, $probes mated probes" --output "$output"
rm -f "$work"/*.f32 "$work"/*.i32
echo "$output.md" >&2
