using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Service.Access;
using MatchEngine.Service.Rest;

namespace MatchEngine.Service.Sandbox;

/// <summary>A fault in place.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Setting">What was asked for.</param>
/// <param name="Seen">How many answers were in its scope.</param>
/// <param name="Struck">How many of them it touched.</param>
public sealed record FaultResponse(string Name, FaultSetting Setting, int Seen, int Struck);

/// <summary><c>/v1/sandbox/faults</c>: what goes wrong on purpose.</summary>
internal static class FaultsResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/sandbox/faults", (Faults faults) => faults.All.Select(Response).ToList())
            .Needs(Policies.AdministerService).WithName("listFaults").WithTags("sandbox").WithSummary("The faults in place, by name")
            .Produces<IReadOnlyList<FaultResponse>>();
        v1.MapGet("/sandbox/faults/{fault}", (string fault, Faults faults) => Response(faults.Find(fault)))
            .Needs(Policies.AdministerService).WithName("getFault").WithTags("sandbox").WithSummary("A fault, and what it has touched")
            .Produces<FaultResponse>().Problems(404);
        v1.MapPut("/sandbox/faults/{fault}", (string fault, FaultSetting setting, HttpContext context, Faults faults, AuditTrail trail) =>
            {
                var put = faults.Put(fault, setting);
                trail.Note(context.Actor(), "sandbox.fault-set", new { fault, kind = setting.Kind.ToName() });
                return Response(put);
            })
            .Needs(Policies.AdministerService).WithName("putFault").WithTags("sandbox")
            .WithSummary("Put a fault in place; one of this name begins anew").Produces<FaultResponse>().Problems(400);
        v1.MapDelete("/sandbox/faults/{fault}", (string fault, HttpContext context, Faults faults, AuditTrail trail) =>
            {
                faults.Remove(fault);
                trail.Note(context.Actor(), "sandbox.fault-removed", new { fault });
                return Results.NoContent();
            })
            .Needs(Policies.AdministerService).WithName("deleteFault").WithTags("sandbox").WithSummary("Take a fault away")
            .Produces(StatusCodes.Status204NoContent).Problems(404);
    }

    private static FaultResponse Response(Fault fault) => new(fault.Name, fault.Setting, fault.Seen, fault.Struck);
}
