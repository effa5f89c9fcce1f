using System.Diagnostics;
using MatchEngine.Vetting.Load;

namespace MatchEngine.Vetting.Tests.Load;

public class ProcessWatchTests
{
    [Fact]
    public void Processor_time_and_memory_are_those_of_the_process_since_the_beginning()
    {
        using var watch = ProcessWatch.Of(Environment.ProcessId)!;
        watch.Begin();
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        var kept = new byte[64 << 20];
        for (var i = 0; Process.GetCurrentProcess().TotalProcessorTime - before < TimeSpan.FromMilliseconds(60); i++)
            kept[i % kept.Length] += 1;
        watch.Sample();
        var use = watch.Result();
        var now = Process.GetCurrentProcess().TotalProcessorTime;
        Assert.InRange(use.ProcessorSeconds, 0.05, (now - before).TotalSeconds + 0.1);
        Assert.InRange(use.PeakWorkingSet, 10 << 20, long.MaxValue);
        Assert.True(use.IsOwnProcess);
        Assert.False(use.HasEnded);
        GC.KeepAlive(kept);
    }

    [Fact]
    public void Of_a_process_that_is_not_there_there_is_no_watch() => Assert.Null(ProcessWatch.Of(int.MaxValue));

    [Fact]
    public void A_process_that_ends_is_told()
    {
        Assert.SkipUnless(File.Exists("/bin/sleep"), "there is no /bin/sleep");
        using var sleeping = Process.Start("/bin/sleep", "0.3");
        using var watch = ProcessWatch.Of(sleeping.Id)!;
        watch.Begin();
        sleeping.WaitForExit();
        Assert.True(watch.Result().HasEnded);
    }
}
