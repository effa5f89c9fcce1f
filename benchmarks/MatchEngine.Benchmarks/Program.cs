using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using MatchEngine.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(RateColumn).Assembly).Run(args, DefaultConfig.Instance.AddColumn(new RateColumn()));
