using Runstone.Core.Ingest;
using Runstone.Storage.Postgres;

namespace Runstone.Storage.Tests.Postgres;

public sealed class ChangePayloadTests
{
    [Fact]
    public void Changes_are_read_back_by_others_and_not_by_their_sender()
    {
        RunChange[] changes = [new(0, "r-1", ChangeKinds.Created | ChangeKinds.Metrics), new(long.MaxValue, new string('a', 256), ChangeKinds.Inputs)];

        var payload = Assert.Single(ChangePayload.Write("n1", changes));

        Assert.Equal(changes, ChangePayload.Read("n2", payload));
        Assert.Null(ChangePayload.Read("n1", payload));
    }

    [Fact]
    public void Many_changes_take_several_messages_and_too_many_take_one()
    {
        RunChange[] Make(int count) => [.. Enumerable.Range(0, count).Select(i => new RunChange(i, new string('x', 250) + i, ChangeKinds.Facts))];

        var several = ChangePayload.Write("n1", Make(100));
        var tooMany = ChangePayload.Write("n1", Make(100_000));

        Assert.InRange(several.Count, 2, ChangePayload.MaxMessages);
        Assert.All(several, p => Assert.InRange(p.Length, 1, 7999));
        Assert.Equal(Make(100), several.SelectMany(p => ChangePayload.Read("n2", p)!));
        Assert.Empty(ChangePayload.Read("n2", Assert.Single(tooMany))!);
        Assert.Empty(ChangePayload.Read("n2", Assert.Single(ChangePayload.Write("n1", [])))!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("n2")]
    [InlineData("n2\n")]
    [InlineData("n2\n1 2")]
    [InlineData("n2\nx 2 r")]
    [InlineData("n2\n1 zz r")]
    public void What_is_no_message_is_passed_over(string payload) => Assert.Null(ChangePayload.Read("n1", payload));
}
