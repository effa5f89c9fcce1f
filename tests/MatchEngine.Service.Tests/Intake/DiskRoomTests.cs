using MatchEngine.Galleries.Errors;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace MatchEngine.Service.Tests.Intake;

public class DiskRoomTests(DiskRoomTests.FillingService service) : IClassFixture<DiskRoomTests.FillingService>
{
    [Fact]
    public async Task A_service_whose_disk_is_full_lives_and_is_not_ready_until_there_is_room_again()
    {
        using var client = service.Client(null);
        service.Free = () => DiskRoom.Least - 1;
        Assert.Equal("not_ready", await client.GetAsync("/ready").Code(503));
        await client.GetAsync("/health").Json();
        service.Free = () => throw new StoreException(StoreFault.Unreachable, "data", "gone");
        await client.GetAsync("/ready").Code(503);
        service.Free = () => DiskRoom.Least;
        await client.GetAsync("/ready").Json();
    }

    public sealed class FillingService : TestService
    {
        internal Func<long> Free { get; set; } = () => long.MaxValue;

        internal override void Replace(IServiceCollection services)
        {
            base.Replace(services);
            services.AddSingleton(new DiskRoom(() => Free()));
        }
    }
}
