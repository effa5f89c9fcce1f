// hnswlib and FAISS on the workload of benchmarks/peers: the vectors, queries and ground truth that `peers-data` wrote to a folder.
// One thread; rates are per second of processor time. Prints one JSON object a point, as the .NET side does.
#include <faiss/IndexFlat.h>
#include <faiss/IndexHNSW.h>
#include <faiss/IndexScalarQuantizer.h>
#include <hnswlib/hnswlib.h>
#include <omp.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

static double cpu() {
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static double wall() {
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

template <class T> static std::vector<T> load(const std::string& path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    std::vector<T> data(file.tellg() / sizeof(T));
    file.seekg(0);
    file.read(reinterpret_cast<char*>(data.data()), data.size() * sizeof(T));
    return data;
}

static std::vector<float> base, probes;
static std::vector<int> subjects, truth, mates;
static size_t d, n, q;
// Two templates a subject: 40 templates hold at least 20 subjects.
static const int K = 40, LIST = 20;
// Engines that compare everything get fewer probes: their rate does not depend on the probe.
static const size_t FLAT_PROBES = 256;

static void measure(const char* engine, int setting, int batch, int rounds, double build, double bytes,
                    const std::function<void(const float*, size_t, long*)>& search, size_t most = SIZE_MAX) {
    size_t q = std::min(::q, most);
    std::vector<long> ids(q * K);
    std::vector<double> rates, times;
    for (int round = 0; round <= rounds; round++) {
        double start = cpu();
        for (size_t i = 0; i < q; i += batch) {
            size_t count = std::min<size_t>(batch, q - i);
            double t = wall();
            search(probes.data() + i * d, count, ids.data() + i * K);
            if (round) times.push_back((wall() - t) * 1e6 / count);
        }
        if (round) rates.push_back(q / (cpu() - start));
    }
    std::sort(rates.begin(), rates.end());
    std::sort(times.begin(), times.end());
    size_t found = 0, mated = 0, lost = 0;
    for (size_t i = 0; i < q; i++) {
        std::vector<int> list;
        for (int j = 0; j < K && list.size() < LIST; j++) {
            long id = ids[i * K + j];
            if (id < 0) continue;
            if (std::find(list.begin(), list.end(), subjects[id]) == list.end()) list.push_back(subjects[id]);
        }
        for (int j = 0; j < LIST; j++) found += std::find(list.begin(), list.end(), truth[i * LIST + j]) != list.end();
        if (truth[i * LIST] == mates[i]) {
            mated++;
            lost += list.empty() || list[0] != mates[i];
        }
    }
    printf("{\"engine\":\"%s\",\"setting\":%d,\"recall\":%.6f,\"mated\":%zu,\"matesLost\":%zu,\"searchesPerCpuSecond\":%.2f,\"medianMicroseconds\":%.2f,"
           "\"p99Microseconds\":%.2f,\"buildPerCpuSecond\":%.1f,\"bytesPerTemplate\":%.0f}\n",
           engine, setting, found / double(q * LIST), mated, lost, rates[rates.size() / 2], times[times.size() / 2], times[times.size() * 99 / 100], build, bytes);
    fflush(stdout);
}

int main(int argc, char** argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: peers FOLDER DIMENSION ENGINE[,ENGINE...] [ROUNDS] [EF,EF...] [BUILD-SECONDS]\n");
        return 2;
    }
    std::string folder = argv[1], engines = std::string(",") + argv[3] + ",";
    d = std::stoul(argv[2]);
    int rounds = argc > 4 ? std::stoi(argv[4]) : 3;
    double limit = argc > 6 ? std::stod(argv[6]) : 1e9;
    std::vector<int> beams;
    for (std::string rest = argc > 5 ? argv[5] : "40,80,160,320,640"; !rest.empty();) {
        size_t comma = rest.find(',');
        beams.push_back(std::stoi(rest.substr(0, comma)));
        rest = comma == std::string::npos ? "" : rest.substr(comma + 1);
    }
    omp_set_num_threads(1);
    base = load<float>(folder + "/base.f32");
    probes = load<float>(folder + "/probes.f32");
    subjects = load<int>(folder + "/subjects.i32");
    truth = load<int>(folder + "/truth.i32");
    mates = load<int>(folder + "/mates.i32");
    n = base.size() / d;
    q = probes.size() / d;

    if (engines.find(",hnswlib,") != std::string::npos) {
        hnswlib::InnerProductSpace space(d);
        double start = cpu();
        hnswlib::HierarchicalNSW<float> index(&space, n, 16, 200);
        for (size_t i = 0; i < n; i++) index.addPoint(base.data() + i * d, i);
        double build = n / (cpu() - start);
        for (int ef : beams) {
            index.setEf(ef);
            measure("hnswlib f32", ef, 1, rounds, build, d * 4 + 16 * 8 + 4 + 8, [&](const float* x, size_t, long* ids) {
                auto found = index.searchKnn(x, K);
                std::fill(ids, ids + K, -1);
                for (int j = int(found.size()) - 1; !found.empty(); j--, found.pop()) ids[j] = long(found.top().second);
            });
        }
    }
    auto faissHnsw = [&](const char* name, faiss::IndexHNSW& index, double bytes) {
        index.hnsw.efConstruction = 200;
        double start = cpu();
        index.train(n, base.data());
        for (size_t i = 0; i < n; i += 1000) {
            if (cpu() - start > limit) {
                printf("# %s: given up after %.0f s of processor time with %zu of %zu templates built (%.0f a second).\n", name, cpu() - start, i, n, i / (cpu() - start));
                fflush(stdout);
                return;
            }
            index.add(std::min<size_t>(1000, n - i), base.data() + i * d);
        }
        double build = n / (cpu() - start);
        for (int ef : beams) {
            index.hnsw.efSearch = ef;
            measure(name, ef, 1, rounds, build, bytes, [&](const float* x, size_t count, long* ids) {
                float scores[K];
                index.search(count, x, K, scores, ids);
            });
        }
    };
    if (engines.find(",faiss-hnsw-sq8,") != std::string::npos) {
        faiss::IndexHNSWSQ index(d, faiss::ScalarQuantizer::QT_8bit, 16, faiss::METRIC_INNER_PRODUCT);
        faissHnsw("FAISS HNSW-SQ8", index, d + 32 * 4 + 8);
    }
    if (engines.find(",faiss-hnsw-flat,") != std::string::npos) {
        faiss::IndexHNSWFlat index(d, 16, faiss::METRIC_INNER_PRODUCT);
        faissHnsw("FAISS HNSW-Flat", index, d * 4 + 32 * 4 + 8);
    }
    std::vector<float> scores(64 * K);
    auto flat = [&](const char* name, faiss::Index& index, double bytes) {
        double start = cpu();
        index.train(n, base.data());
        index.add(n, base.data());
        double build = n / (cpu() - start);
        for (int batch : {1, 64})
            measure(name, batch, batch, 1, build, bytes, [&](const float* x, size_t count, long* ids) { index.search(count, x, K, scores.data(), ids); }, FLAT_PROBES);
    };
    if (engines.find(",faiss-flat,") != std::string::npos) {
        faiss::IndexFlatIP index(d);
        flat("FAISS Flat", index, d * 4);
    }
    if (engines.find(",faiss-sq8,") != std::string::npos) {
        faiss::IndexScalarQuantizer index(d, faiss::ScalarQuantizer::QT_8bit, faiss::METRIC_INNER_PRODUCT);
        flat("FAISS SQ8 flat", index, d);
    }
    return 0;
}
