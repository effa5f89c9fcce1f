#!/bin/sh
# Real and made-up faces side by side: benchmarks/peers/face-like.sh DATA-SET, the folder of a data set with metadata.csv (image, subject).
# Statistics of both, and the recall of hnswlib, FAISS, USearch and this engine's graph from as many templates of each: of a person
# at most three photos, so that the 40 templates that engines are asked for hold 20 people. Embeddings are kept in CACHE.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
photos=$(cd "${1:?give the folder of a data set}" && pwd)
output=${OUTPUT:-$here/../results/face-like.md}
cache=${CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/matchengine-peers}
beams=${BEAMS:-40,80,160,320}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
(cd "$here" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error)
g++ -O3 -march=native -fopenmp "$here/peers.cpp" -lfaiss -lblas -llapack -o "$work/peers"
dotnet build -c Release "$here/../MatchEngine.Benchmarks" -v quiet
bench="dotnet $here/../MatchEngine.Benchmarks/bin/Release/net10.0/MatchEngine.Benchmarks.dll"
$bench face-like-data --data-set "$photos" --cache "$cache" --folder "$work" --ef "$beams"
for set in real made-up; do
  "$work/peers" build "$work/$set" 512 faiss-hnsw-flat "$work/$set.faiss" 1 >&2
  "$work/peers" run "$work/$set" 512 hnswlib 1 "$beams" > "$work/$set/1-hnswlib.jsonl"
  "$work/peers" run "$work/$set" 512 faiss-hnsw-flat 1 "$beams" "$work/$set.faiss" > "$work/$set/2-faiss.jsonl"
  (cd "$here" && node usearch.mjs "$work/$set" 512 i8 1 "$beams") > "$work/$set/3-usearch.jsonl"
done
echo "Real: $(basename "$photos"), default model, at most three photos of a person. Graphs with M = 16, efConstruction 200. Command: \`benchmarks/peers/face-like.sh DATA-SET\`." > "$work/notes.txt"
$bench face-like-report --folder "$work" --output "$output"
echo "$output" >&2
