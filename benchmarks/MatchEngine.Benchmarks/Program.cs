using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using MatchEngine.Benchmarks;
using MatchEngine.Benchmarks.Faces;
using MatchEngine.Benchmarks.Galleries;
using MatchEngine.Benchmarks.Index;
using MatchEngine.Benchmarks.Service;
using MatchEngine.Faces.Images.Isolation;

if (args is ["index" or "peers-data" or "peers-run" or "peers-report", ..])
    return IndexCommand.Run(args);
if (args is ["face-like-data" or "face-like-report", ..])
    return FaceLikeCommand.Run(args);
if (args is ["rival", ..])
    return MatchEngine.Benchmarks.Rivals.RivalCommand.Run(args);
if (args is ["rival-layouts", ..])
    return MatchEngine.Benchmarks.Rivals.LayoutCommand.Run(args);
if (DecoderProcess.IsWanted(args))
    return DecoderProcess.Run(args);
if (args is ["isolation"])
    return IsolationCommand.Run();
if (args is ["service-search", ..])
    return ServiceSearchCommand.Run(args);
if (args is ["search-batches", ..])
    return SearchBatchesCommand.Run(args);
if (args is ["subject-pages", ..])
    return SubjectPagesCommand.Run(args);
if (args is ["readers", ..])
    return ReadersCommand.Run(args);
if (args is ["filter", ..])
    return FilterCommand.Run(args);
if (args is ["strangers", ..])
    return StrangersCommand.Run(args);
if (args is ["photo-speed", ..])
    return PhotoSpeedCommand.Run(args);
if (args is ["several-faces", ..])
    return SeveralFacesCommand.Run(args);
if (args is ["large-photos", ..])
    return LargePhotoCommand.Run(args);
if (args is ["group-photos" or "group-speed", ..])
    return GroupPhotoCommand.Run(args);
BenchmarkSwitcher.FromAssembly(typeof(RateColumn).Assembly).Run(args, DefaultConfig.Instance.AddColumn(new RateColumn()));
return 0;
