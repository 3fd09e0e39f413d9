using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Models;
using Runstone.Core.Runs;

namespace Runstone.Core.Tests.Models;

public sealed class LoggedModelRulesTests
{
    private static readonly LoggedModel Full = new()
    {
        Id = "m-1",
        ExperimentId = 0,
        Name = "m",
        Location = "x",
        Params = [.. Enumerable.Range(0, LoggedModelRules.MaxPairs).Select(i => new Param($"p{i}", ""))],
        Tags = [.. Enumerable.Range(0, LoggedModelRules.MaxPairs).Select(i => new Tag($"t{i}", ""))],
    };

    [Theory]
    [InlineData("gbdt")]
    [InlineData("a b-c_d ☃")]
    public void A_name_may_hold_nearly_anything(string name) => LoggedModelRules.Require(Named(name));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("a.b")]
    [InlineData("a%b")]
    [InlineData("a\"b")]
    [InlineData("a'b")]
    [InlineData("a\0b")]
    public void A_name_that_addresses_cannot_hold_is_refused(string name) =>
        Assert.Equal("name", Assert.Throws<RunstoneException>(() => LoggedModelRules.Require(Named(name))).Error.Field);

    [Fact]
    public void Texts_have_bounds()
    {
        Refused("name", Named(new string('n', 501)));
        Refused("params", Named("m") with { Params = [new("k", new string('v', 100_001))] });
        Refused("params", Named("m") with { Params = [new("", "v")] });
        Refused("tags", Named("m") with { Tags = [new(new string('k', 1025), "v")] });
        Refused("tags", Named("m") with { Tags = [new("k", "\ud800")] });
        Refused("source_run_id", Named("m") with { RunId = new string('r', 257) });
    }

    [Fact]
    public void A_full_model_takes_new_values_and_no_new_keys()
    {
        LoggedModelRules.RequireRoom(Full, new LoggedModelPatch { SetTags = [new("t7", "other")] });
        Assert.Throws<RunstoneException>(() => LoggedModelRules.RequireRoom(Full, new LoggedModelPatch { SetTags = [new("new", "")] }));
        Assert.Throws<RunstoneException>(() => LoggedModelRules.RequireRoom(Full, new LoggedModelPatch { AddParams = [new("new", "")] }));
    }

    private static NewLoggedModel Named(string name) => new("m-1", 0, name, "x");

    private static void Refused(string field, NewLoggedModel model) =>
        Assert.Equal(field, Assert.Throws<RunstoneException>(() => LoggedModelRules.Require(model)).Error.Field);
}
