// USearch on the workload of benchmarks/peers: `node usearch.mjs FOLDER DIMENSION KIND[,KIND...] ROUNDS EF[,EF...]`, kinds as USearch names them (i8, f32, bf16, f16).
//
// i8: the package's own conversion of floats scales a vector to length 127, which leaves faces six levels a dimension and caps the recall, and its class `Index` turns
// bytes into floats first, so that bytes meet that conversion too. So the native index is called without that class, with bytes of ours: one scale for all, by which one
// element in 10,000 saturates. All vectors are of one length then, and the inner product, which is the quickest to compute, ranks as the cosine does.
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import load from 'node-gyp-build';

const native = load(fileURLToPath(new URL('node_modules/usearch', import.meta.url)));

const [folder, dimension, kinds = 'i8,f32', rounds = '3', beams = '40,80,160,320,640'] = process.argv.slice(2);
const d = Number(dimension), K = 40, BATCH = 64;
const floats = name => { const b = readFileSync(`${folder}/${name}.f32`); return new Float32Array(b.buffer.slice(b.byteOffset, b.byteOffset + b.length)); };
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1e6; };
const median = values => values.sort((a, b) => a - b)[values.length >> 1];

const base = floats('base'), n = base.length / d;
const sizes = base.filter((_, i) => i % Math.ceil(base.length / 5e6) === 0).map(Math.abs).sort();
const scale = 127 / sizes[Math.floor(sizes.length * 0.9999)];
const asBytes = numbers => Int8Array.from(numbers, x => Math.max(-127, Math.min(127, Math.round(x * scale))));

for (const quantization of kinds.split(',')) {
  const convert = quantization === 'i8' ? asBytes : numbers => numbers;
  const rows = convert(base), probes = convert(floats('probes')), q = probes.length / d;
  // Connectivity 16, expansion of 200 when adding; one key, one vector.
  const index = ef => new native.CompiledIndex(d, 'ip', quantization, 16, 200, ef, false);
  const built = index(64);
  const start = cpu();
  for (let i = 0; i < n; i += 1000) {
    const count = Math.min(1000, n - i);
    built.add(BigUint64Array.from({ length: count }, (_, j) => BigInt(i + j)), rows.subarray(i * d, (i + count) * d), 1);
    if (i % 10000 === 0) console.error(`building USearch ${quantization}: ${i} of ${n}`);
  }
  const build = n / (cpu() - start);
  // A beam is given to an index when it is made, so each point loads the graph that was built; the file is what the index needs, without its table of keys.
  const file = `${folder}/usearch-${quantization}.bin`;
  built.save(file);
  const bytes = statSync(file).size / n;
  for (const ef of beams.split(',').map(Number)) {
    const graph = index(ef);
    graph.load(file);
    const ids = new Int32Array(q * K), rates = [], times = [], parallel = [];
    const batches = threads => { for (let i = 0; i < q; i += BATCH) graph.search(probes.subarray(i * d, Math.min(i + BATCH, q) * d), K, threads); };
    for (let i = 0; i < q; i++) graph.search(probes.subarray(i * d, (i + 1) * d), K, 1)[0].forEach((key, j) => { ids[i * K + j] = Number(key); });
    for (let round = 0; round < Number(rounds); round++) {
      for (let i = 0; i < q; i++) {
        const t = performance.now();
        graph.search(probes.subarray(i * d, (i + 1) * d), K, 1);
        times.push((performance.now() - t) * 1000);
      }
      const before = cpu();
      batches(1);
      rates.push(q / (cpu() - before));
      const t = performance.now();
      graph.search(probes, K, availableParallelism());
      parallel.push(q / (performance.now() - t) * 1000);
    }
    const lists = `usearch-${quantization}-${ef}.ids`;
    writeFileSync(`${folder}/${lists}`, ids);
    const medianMicroseconds = median(times);
    console.log(JSON.stringify({ engine: `USearch ${quantization}`, setting: ef, searchesPerCpuSecond: median(rates), allThreadsPerSecond: median(parallel),
      medianMicroseconds, p99Microseconds: times[Math.floor(times.length * 0.99)], buildPerCpuSecond: build, bytesPerTemplate: bytes, lists }));
  }
  rmSync(file);
}
