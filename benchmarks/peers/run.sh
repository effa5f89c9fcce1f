#!/bin/sh
# The peers' table and plot: benchmarks/peers/run.sh [N] [PROBES]. Needs g++, libhnswlib-dev, libfaiss-dev, libopenblas0-pthread, Node and the .NET SDK.
# Every engine gets the same vectors; the engines take turns, REPEAT times, and the median of a point's runs is kept. FAISS's graph is given FAISS_SECONDS
# of processor time to be built, once: Debian's build of it knows no AVX2.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
n=${1:-100000}
probes=${2:-2000}
repeat=${REPEAT:-2}
rounds=${ROUNDS:-2}
beams=${BEAMS:-40,80,160,320,640}
work=${WORK:-$(mktemp -d)}
engines=${ENGINES:-hnswlib faiss-flat faiss-sq8 faiss-hnsw-sq8}
faiss_seconds=${FAISS_SECONDS:-300}
mkdir -p "$work"
(cd "$here" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error)
g++ -O3 -march=native -fopenmp "$here/peers.cpp" -lfaiss -lblas -llapack -o "$work/peers"
dotnet build -c Release "$here/../MatchEngine.Benchmarks" -v quiet
bench="dotnet $here/../MatchEngine.Benchmarks/bin/Release/net10.0/MatchEngine.Benchmarks.dll"
rm -f "$work"/*.jsonl
$bench peers-data --n "$n" --probes "$probes" --folder "$work"
i=1
while [ "$i" -le "$repeat" ]; do
  $bench peers-run --n "$n" --probes "$probes" --rounds "$rounds" --ef "$beams" | tee "$work/0-matchengine-$i.jsonl"
  for engine in $engines; do
    [ "$engine" != faiss-hnsw-sq8 ] || [ "$i" -eq 1 ] || continue
    OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 "$work/peers" "$work" 512 "$engine" "$rounds" "$beams" "$faiss_seconds" | tee "$work/1-$engine-$i.jsonl"
  done
  (cd "$here" && USEARCH_ONLY=${USEARCH_ONLY:-i8} node usearch.mjs "$work" 512 "$rounds" "$beams") | tee "$work/2-usearch-$i.jsonl"
  i=$((i + 1))
done
$bench peers-report --folder "$work" --title "Peers, $n face-like templates of 512 dimensions, $probes mated probes" --output "$here/../results/peers-$n"
rm -f "$work"/*.f32 "$work"/*.i8 "$work"/*.i32
