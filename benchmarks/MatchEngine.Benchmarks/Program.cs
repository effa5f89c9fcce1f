using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using MatchEngine.Benchmarks;
using MatchEngine.Benchmarks.Index;

if (args is ["index" or "peers-data" or "peers-run" or "peers-report", ..])
    return IndexCommand.Run(args);
if (args is ["rival", ..])
    return MatchEngine.Benchmarks.Rivals.RivalCommand.Run(args);
BenchmarkSwitcher.FromAssembly(typeof(RateColumn).Assembly).Run(args, DefaultConfig.Instance.AddColumn(new RateColumn()));
return 0;
