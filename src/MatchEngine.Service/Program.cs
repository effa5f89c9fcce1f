using MatchEngine.Faces.Images.Isolation;
using MatchEngine.Service.Hosting;

if (DecoderProcess.IsWanted(args))
    return DecoderProcess.Run(args);
return await ServiceCommand.Create().Parse(args).InvokeAsync();
