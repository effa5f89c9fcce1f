// USearch on the workload of benchmarks/peers. Its own conversion to i8 scales a vector to length 127, which leaves faces six levels a
// dimension; it gets the bodies of our templates instead (each scaled to its largest element) and compares them by cosine.
import { readFileSync, rmSync } from 'node:fs';
import { Index } from 'usearch';

const [folder, dimension, rounds = '3', beams = '40,80,160,320,640'] = process.argv.slice(2);
const d = Number(dimension), K = 40, LIST = 20;
const bytes = name => { const b = readFileSync(`${folder}/${name}`); return b.buffer.slice(b.byteOffset, b.byteOffset + b.length); };
const subjects = new Int32Array(bytes('subjects.i32')), truth = new Int32Array(bytes('truth.i32')), mates = new Int32Array(bytes('mates.i32'));
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1e6; };

for (const [name, quantization, suffix, Type] of [['USearch i8', 'i8', 'i8', Int8Array], ['USearch f32', 'f32', 'f32', Float32Array]]) {
  if (process.env.USEARCH_ONLY && process.env.USEARCH_ONLY !== quantization) continue;
  const base = new Type(bytes(`base.${suffix}`)), probes = new Type(bytes(`probes.${suffix}`));
  const n = base.length / d, q = probes.length / d;
  const options = { metric: 'cos', dimensions: d, quantization, connectivity: 16, expansion_add: 200 };
  const start = cpu();
  const built = new Index({ ...options, expansion_search: 64 });
  for (let i = 0; i < n; i += 1000) {
    const count = Math.min(1000, n - i);
    built.add(BigUint64Array.from({ length: count }, (_, j) => BigInt(i + j)), base.subarray(i * d, (i + count) * d), 1);
  }
  const build = n / (cpu() - start);
  const file = `${folder}/usearch-${quantization}.bin`;
  built.save(file);
  for (const ef of beams.split(',').map(Number)) {
    const index = new Index({ ...options, expansion_search: ef });
    index.load(file);
    const lists = new Array(q), rates = [], times = [];
    for (let round = 0; round <= Number(rounds); round++) {
      const before = cpu();
      for (let i = 0; i < q; i++) {
        const t = performance.now();
        lists[i] = index.search(probes.subarray(i * d, (i + 1) * d), K, 1).keys;
        if (round) times.push((performance.now() - t) * 1000);
      }
      if (round) rates.push(q / (cpu() - before));
    }
    rates.sort((a, b) => a - b);
    times.sort((a, b) => a - b);
    let found = 0, mated = 0, lost = 0;
    for (let i = 0; i < q; i++) {
      const list = [...new Set(Array.from(lists[i], key => subjects[Number(key)]))].slice(0, LIST);
      for (let j = 0; j < LIST; j++) found += list.includes(truth[i * LIST + j]) ? 1 : 0;
      if (truth[i * LIST] === mates[i]) { mated++; lost += list[0] === mates[i] ? 0 : 1; }
    }
    console.log(JSON.stringify({ engine: name, setting: ef, recall: found / (q * LIST), mated, matesLost: lost,
      searchesPerCpuSecond: rates[rates.length >> 1], medianMicroseconds: times[times.length >> 1], p99Microseconds: times[Math.floor(times.length * 0.99)],
      buildPerCpuSecond: build, bytesPerTemplate: 0 }));
  }
  rmSync(file);
}
