using MatchEngine.Faces.Images.Isolation;
using MatchEngine.Service.Hosting;

if (DecoderProcess.IsWanted(args))
    return DecoderProcess.Run();
return await ServiceCommand.Create().Parse(args).InvokeAsync();
