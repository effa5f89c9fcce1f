using MatchEngine.Faces;
using MatchEngine.Service;

if (DecoderProcess.IsWanted(args))
    return DecoderProcess.Run();
return await ServiceCommand.Create().Parse(args).InvokeAsync();
