using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>What is made of the answer to a file that gives no probe.</summary>
internal static class Unfit
{
    /// <summary>Refused or without candidates is right; candidates are wrong, and so is a fault.</summary>
    public static CheckOutcome Judge(Exchange<SearchAnswer> exchange) => exchange switch
    {
        { Value: { Candidates.Count: 0 } } => CheckOutcome.Pass("it was answered without candidates"),
        { Value: { } list } => CheckOutcome.Fail($"it was answered with {list.Candidates.Count} candidates"),
        { Failure: { IsRefusal: true } failure } => CheckOutcome.Pass($"it was refused: {failure.Code ?? failure.Kind.ToString()}"),
        { Failure: { Kind: FailureKind.TargetFault } failure } =>
            CheckOutcome.Fail($"the service failed over it: {failure.Code ?? failure.Detail}"),
        _ => CheckOutcome.NotTestable($"it was not answered: {exchange.Failure!.Kind}"),
    };
}
