// hnswlib and FAISS on the workload of benchmarks/peers: the vectors and probes that `peers-data` wrote to a folder. `build` makes a FAISS graph and keeps it in a
// file; `run` searches and prints one JSON object a point: rates, times, memory, and the file with the ids that were found, which `peers-report` holds against the
// ground truth. The searching is the same for every engine; only what adds and what asks differs.
#include <faiss/IndexFlat.h>
#include <faiss/IndexHNSW.h>
#include <faiss/IndexScalarQuantizer.h>
#include <faiss/index_io.h>
#include <hnswlib/hnswlib.h>
#include <malloc.h>
#include <omp.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

// The name of the FAISS that this was linked with.
#ifndef FAISS_NAME
#define FAISS_NAME "FAISS"
#endif

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
    if (!file) throw std::runtime_error("cannot read " + path + ": write it with peers-data first");
    std::vector<T> data(file.tellg() / sizeof(T));
    file.seekg(0);
    file.read(reinterpret_cast<char*>(data.data()), data.size() * sizeof(T));
    return data;
}

using idx = faiss::Index::idx_t;
// The ids that are found for `count` probes, K each, -1 for none.
using Search = std::function<void(const float* x, size_t count, idx* ids)>;

static std::string folder;
static std::vector<float> base, probes;
static size_t d, n;
static int rounds;
static const int M = 16, EF_CONSTRUCTION = 200;
// Two templates a subject: 40 templates hold at least 20 subjects.
static const int K = 40;
static const size_t BATCH = 64;
// Engines that compare everything get fewer probes: their rate does not depend on the probe.
static const size_t FLAT_PROBES = 256;

// What malloc has handed out: the memory of an index is what that grows by.
static double allocated() {
    struct mallinfo2 info = mallinfo2();
    return double(info.uordblks) + double(info.hblkhd);
}

static double median(std::vector<double>& values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

// `batch` probes a call are timed by the clock; `together` probes a call give the rates, so that an engine which sets up something for each call may share it.
static void measure(const char* engine, int setting, size_t batch, size_t together, double build, double bytes, const Search& search, size_t most = SIZE_MAX) {
    size_t q = std::min(probes.size() / d, most);
    std::vector<idx> ids(q * K);
    std::vector<double> rates, times, parallel;
    auto call = [&](size_t i, size_t size) {
        size_t count = std::min(size, q - i);
        double start = wall();
        search(probes.data() + i * d, count, ids.data() + i * K);
        return (wall() - start) * 1e6 / count;
    };
    for (int round = 0; round <= rounds; round++) {
        double start = cpu();
        for (size_t i = 0; i < q; i += batch) {
            double took = call(i, batch);
            if (round) times.push_back(took);
        }
        if (round && batch == together) rates.push_back(q / (cpu() - start));
    }
    for (int round = 0; round < rounds && batch != together; round++) {
        double start = cpu();
        for (size_t i = 0; i < q; i += together) call(i, together);
        rates.push_back(q / (cpu() - start));
    }
    for (int round = 0; round < rounds; round++) {
        std::atomic<size_t> next(0);
        double start = wall();
        std::vector<std::thread> threads;
        for (unsigned t = 0; t < std::max(1u, std::thread::hardware_concurrency()); t++)
            threads.emplace_back([&] {
                omp_set_num_threads(1);
                for (size_t i; (i = next.fetch_add(together)) < q;) call(i, together);
            });
        for (auto& thread : threads) thread.join();
        parallel.push_back(q / (wall() - start));
    }
    std::string lists = std::string(engine) + " " + std::to_string(setting) + ".ids";
    std::replace(lists.begin(), lists.end(), ' ', '-');
    std::vector<int32_t> found(ids.begin(), ids.end());
    std::ofstream file(folder + "/" + lists, std::ios::binary);
    file.write(reinterpret_cast<const char*>(found.data()), found.size() * sizeof(int32_t));
    if (!file.flush()) throw std::runtime_error("cannot write " + folder + "/" + lists);
    double middle = median(times);
    printf("{\"engine\":\"%s\",\"setting\":%d,\"searchesPerCpuSecond\":%.2f,\"allThreadsPerSecond\":%.2f,\"medianMicroseconds\":%.2f,\"p99Microseconds\":%.2f,"
           "\"buildPerCpuSecond\":%.1f,\"bytesPerTemplate\":%.0f,\"lists\":\"%s\"}\n",
           engine, setting, median(rates), median(parallel), middle, times[times.size() * 99 / 100], build, bytes, lists.c_str());
    fflush(stdout);
}

static void hnswlibGraph(const std::vector<int>& beams) {
    hnswlib::InnerProductSpace space(d);
    double before = allocated(), start = cpu();
    hnswlib::HierarchicalNSW<float> index(&space, n, M, EF_CONSTRUCTION);
    for (size_t i = 0; i < n; i++) {
        index.addPoint(base.data() + i * d, i);
        if (i % 10000 == 0) fprintf(stderr, "building hnswlib: %zu of %zu\n", i, n);
    }
    double build = n / (cpu() - start), bytes = (allocated() - before) / n;
    for (int ef : beams) {
        index.setEf(ef);
        measure("hnswlib f32", ef, 1, 1, build, bytes, [&](const float* x, size_t count, idx* ids) {
            std::fill(ids, ids + count * K, -1);
            for (size_t i = 0; i < count; i++) {
                auto found = index.searchKnn(x + i * d, K);
                for (int j = int(found.size()) - 1; !found.empty(); j--, found.pop()) ids[i * K + j] = idx(found.top().second);
            }
        });
    }
}

// FAISS compares codes of 8 bits as integers ("direct") only when the caller makes them: one scale for all, by which one element in 10,000 saturates, about a
// middle of 128. All vectors are of one length then, and the L2 distance, which no shift changes, ranks as the cosine does.
struct ByteCodes {
    float scale = 0;

    ByteCodes() {
        std::vector<float> sizes;
        for (size_t i = 0; i < base.size(); i += 1 + base.size() / 5000000) sizes.push_back(std::fabs(base[i]));
        auto place = sizes.begin() + sizes.size() * 9999 / 10000;
        std::nth_element(sizes.begin(), place, sizes.end());
        scale = 127 / *place;
    }

    std::vector<float> of(const float* x, size_t count) const {
        std::vector<float> codes(count * d);
        for (size_t i = 0; i < codes.size(); i++) codes[i] = std::min(255.f, std::max(1.f, std::round(x[i] * scale) + 128));
        return codes;
    }
};

static std::unique_ptr<faiss::IndexHNSW> faissGraph(const std::string& engine) {
    if (engine == "faiss-hnsw-flat") return std::make_unique<faiss::IndexHNSWFlat>(d, M, faiss::METRIC_INNER_PRODUCT);
    if (engine == "faiss-hnsw-sq8") return std::make_unique<faiss::IndexHNSWSQ>(d, faiss::ScalarQuantizer::QT_8bit, M, faiss::METRIC_INNER_PRODUCT);
    if (engine == "faiss-hnsw-sq8-direct") return std::make_unique<faiss::IndexHNSWSQ>(d, faiss::ScalarQuantizer::QT_8bit_direct, M, faiss::METRIC_L2);
    throw std::runtime_error("'" + engine + "' is no graph of FAISS");
}

static bool direct(const std::string& engine) { return engine.size() > 7 && engine.compare(engine.size() - 7, 7, "-direct") == 0; }

static std::string name(const std::string& engine) {
    return std::string(FAISS_NAME) + (engine.find("hnsw") == std::string::npos ? " " : " HNSW-") + (engine.find("sq8") == std::string::npos ? "Flat" : "SQ8") +
           (direct(engine) ? " direct" : "") + (engine == "faiss-sq8" || engine == "faiss-sq8-direct" ? " flat" : "");
}

static void buildFaissGraph(const std::string& engine, const std::string& target, int threads) {
    omp_set_num_threads(threads);
    auto index = faissGraph(engine);
    auto codes = direct(engine) ? ByteCodes().of(base.data(), n) : base;
    index->hnsw.efConstruction = EF_CONSTRUCTION;
    index->verbose = true;
    double start = cpu(), clock = wall();
    index->train(n, codes.data());
    index->add(n, codes.data());
    double took = cpu() - start;
    fprintf(stderr, "%s: %zu templates in %.0f s of processor time, %.0f s by the clock, %d threads\n", name(engine).c_str(), n, took, wall() - clock, threads);
    // The graph last: whoever finds it finds its time too, and a build that was ended leaves neither.
    faiss::write_index(index.get(), (target + ".part").c_str());
    std::ofstream time(target + ".seconds");
    time << took << "\n";
    time.close();
    if (!time || rename((target + ".part").c_str(), target.c_str())) throw std::runtime_error("cannot write " + target);
}

static void runFaissGraph(const std::string& engine, const std::string& file, const std::vector<int>& beams) {
    double before = allocated();
    std::unique_ptr<faiss::Index> read(faiss::read_index(file.c_str()));
    double bytes = (allocated() - before) / n;
    auto& index = dynamic_cast<faiss::IndexHNSW&>(*read);
    if (size_t(index.ntotal) != n || size_t(index.d) != d) throw std::runtime_error(file + " is of another gallery: remove it");
    double seconds = 0;
    std::ifstream(file + ".seconds") >> seconds;
    auto codes = direct(engine) ? std::make_unique<ByteCodes>() : nullptr;
    for (int ef : beams) {
        index.hnsw.efSearch = ef;
        measure(name(engine).c_str(), ef, 1, BATCH, n / seconds, bytes, [&](const float* x, size_t count, idx* ids) {
            std::vector<float> scores(count * K);
            if (codes)
                index.search(count, codes->of(x, count).data(), K, scores.data(), ids);
            else
                index.search(count, x, K, scores.data(), ids);
        });
    }
}

static void runFaissFlat(const std::string& engine) {
    std::unique_ptr<faiss::Index> index;
    if (engine == "faiss-flat")
        index = std::make_unique<faiss::IndexFlatIP>(d);
    else if (direct(engine))
        index = std::make_unique<faiss::IndexScalarQuantizer>(d, faiss::ScalarQuantizer::QT_8bit_direct, faiss::METRIC_L2);
    else
        index = std::make_unique<faiss::IndexScalarQuantizer>(d, faiss::ScalarQuantizer::QT_8bit, faiss::METRIC_INNER_PRODUCT);
    auto codes = direct(engine) ? std::make_unique<ByteCodes>() : nullptr;
    double before = allocated(), start = cpu();
    {
        std::vector<float> rows = codes ? codes->of(base.data(), n) : std::vector<float>();
        const float* x = codes ? rows.data() : base.data();
        index->train(n, x);
        index->add(n, x);
    }
    double build = n / (cpu() - start), bytes = (allocated() - before) / n;
    for (size_t batch : {size_t(1), BATCH})
        measure(name(engine).c_str(), int(batch), batch, batch, build, bytes, [&](const float* x, size_t count, idx* ids) {
            std::vector<float> scores(count * K);
            if (codes)
                index->search(count, codes->of(x, count).data(), K, scores.data(), ids);
            else
                index->search(count, x, K, scores.data(), ids);
        }, FLAT_PROBES);
}

static int usage() {
    fprintf(stderr, "usage: peers build FOLDER DIMENSION ENGINE FILE THREADS\n"
                    "       peers run FOLDER DIMENSION ENGINE ROUNDS EF[,EF...] [FILE]\n"
                    "engines: hnswlib faiss-flat faiss-sq8 faiss-sq8-direct, and from a file that was built faiss-hnsw-flat faiss-hnsw-sq8 faiss-hnsw-sq8-direct\n");
    return 2;
}

int main(int argc, char** argv) try {
    if (argc < 7) return usage();
    std::string what = argv[1], engine = argv[4];
    folder = argv[2];
    d = std::stoul(argv[3]);
    base = load<float>(folder + "/base.f32");
    n = base.size() / d;
    // Every thread that searches works alone; engines are not to divide a search among threads of their own.
    omp_set_num_threads(1);
    if (what == "build") {
        buildFaissGraph(engine, argv[5], std::stoi(argv[6]));
        return 0;
    }
    if (what != "run") return usage();
    probes = load<float>(folder + "/probes.f32");
    rounds = std::max(1, std::stoi(argv[5]));
    std::vector<int> beams;
    for (std::string rest = argv[6]; !rest.empty();) {
        size_t comma = rest.find(',');
        beams.push_back(std::stoi(rest.substr(0, comma)));
        rest = comma == std::string::npos ? "" : rest.substr(comma + 1);
    }
    if (engine == "hnswlib")
        hnswlibGraph(beams);
    else if (engine == "faiss-flat" || engine == "faiss-sq8" || engine == "faiss-sq8-direct")
        runFaissFlat(engine);
    else if (argc > 7)
        runFaissGraph(engine, argv[7], beams);
    else
        return usage();
    return 0;
} catch (const std::exception& error) {
    fprintf(stderr, "peers: %s\n", error.what());
    return 1;
}
