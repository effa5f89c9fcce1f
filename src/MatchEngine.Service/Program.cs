using MatchEngine.Service;

return await ServiceCommand.Create().Parse(args).InvokeAsync();
