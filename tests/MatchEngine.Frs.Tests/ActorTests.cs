using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs.Tests;

public class ActorTests
{
    [Fact]
    public void Each_policy_lets_its_own_roles_in_and_refuses_all_others_with_a_code()
    {
        foreach (var (policy, roles) in Policies.Roles)
        {
            foreach (var role in Role.All)
            {
                var actor = new Actor("a", "A", "org", new HashSet<string> { role });
                Assert.Equal(roles.Contains(role), actor.May(policy));
                var refused = Record.Exception(() => actor.Require(policy));
                if (roles.Contains(role))
                    Assert.Null(refused);
                else
                    Assert.Equal(ErrorCodes.Forbidden, Assert.IsType<CodedException>(refused).Code);
            }
        }
    }

    [Fact]
    public void The_service_itself_has_no_role_and_does_nothing_that_takes_one()
    {
        Assert.All(Policies.Roles.Keys, policy => Assert.False(Actor.Service.May(policy)));
        Assert.Equal((Actor.ServiceAccount, "org"), (Actor.ServiceFor("org").Account, Actor.ServiceFor("org").Organisation));
    }

    [Fact]
    public void An_account_acts_with_its_own_roles_and_organisation()
    {
        var account = new Account("1", "Ada", "org", [Role.Agent, Role.Examiner], true, false, false, DateTimeOffset.UnixEpoch);
        var actor = Actor.Of(account, "r-1");
        Assert.Equal(("1", "Ada", "org", "r-1"), (actor.Account, actor.Name, actor.Organisation, actor.RequestId));
        Assert.True(actor.Is(Role.Agent) && actor.Is(Role.Examiner) && !actor.Is(Role.Auditor));
    }
}
