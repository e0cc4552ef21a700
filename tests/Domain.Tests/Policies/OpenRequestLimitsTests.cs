using JitFunctions.Domain.Policies;

namespace JitFunctions.Domain.Tests.Policies;

public sealed class OpenRequestLimitsTests
{
    [Theory]
    [InlineData(0, 0, false, true)]
    [InlineData(2, 9, false, true)]
    [InlineData(3, 3, false, false)]
    [InlineData(3, 3, true, false)]
    [InlineData(0, 10, false, false)]
    [InlineData(0, 10, true, true)] // Others do not keep anybody from an emergency.
    [InlineData(100, 100, false, false)]
    public void A_request_is_opened_below_both_limits(long mine, long all, bool breakGlass, bool may)
    {
        var why = new OpenRequestLimits(PerPerson: 3, Total: 10).WhyNotOneMore(mine, all, breakGlass);
        Assert.Equal(may ? null : "too-many-open", why?.Code);
    }
}
