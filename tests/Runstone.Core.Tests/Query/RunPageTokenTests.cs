using CsCheck;
using Runstone.Core.Errors;
using Runstone.Core.Query;

namespace Runstone.Core.Tests.Query;

public sealed class RunPageTokenTests
{
    private static readonly Field Loss = new(FieldKind.Metric, "loss");
    private static readonly Field Model = new(FieldKind.Param, "model");
    private static readonly Field Ended = new(FieldKind.Attribute, RunFields.EndTime);
    private static readonly Ordering[] Order = [new(Loss), new(Model, true), new(Ended)];

    private static readonly Gen<RunPosition> Position =
        from loss in Gen.OneOf(Gen.Double.Select(OrderValue.Of), Gen.Const(OrderValue.NaN), Gen.Const(OrderValue.Absent))
        from model in Gen.OneOf(Gen.Char[' ', '\ud7ff'].Array[0, 300].Select(c => OrderValue.Of(new string(c))), Gen.Const(OrderValue.Absent))
        from ended in Gen.OneOf(Gen.Long.Select(OrderValue.Of), Gen.Const(OrderValue.Absent))
        from start in Gen.Long
        from id in Gen.String[Gen.Char['a', 'z'], 1, 256]
        select new RunPosition([loss, model, ended], start, id);

    [Fact]
    public void A_token_gives_its_position_back() => Position.Sample(position =>
    {
        var back = RunPageToken.Decode(RunPageToken.Encode(position, "query"), "query", Order, "field")!;

        Assert.Equal(position.Values, back.Values);
        Assert.Equal((position.StartTime, position.RunId), (back.StartTime, back.RunId));
    });

    [Fact]
    public void No_token_begins_at_the_first()
    {
        Assert.Null(RunPageToken.Decode(null, "query", Order, "field"));
        Assert.Null(RunPageToken.Decode("", "query", Order, "field"));
    }

    [Fact]
    public void The_token_of_another_query_is_refused()
    {
        var token = RunPageToken.Encode(new RunPosition([OrderValue.Of(1d)], 1, "r"), "query");

        Assert.Contains("belongs to another query", Refused(token, "other", [new Ordering(Loss)]).Message, StringComparison.Ordinal);
        Assert.Contains("belongs to another query", Refused(token, "query", [new Ordering(Model)]).Message, StringComparison.Ordinal);
        Assert.Contains("belongs to another query", Refused(token, "query", []).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_token_is_refused() => Gen.Select(Position, Gen.Int[0, 10_000], Gen.Int[1, 63]).Sample((position, at, by) =>
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var token = RunPageToken.Encode(position, "query").ToCharArray();
        at %= token.Length - 1;
        token[at] = Alphabet[(Alphabet.IndexOf(token[at], StringComparison.Ordinal) + by) % 64];

        Assert.Contains("not made by this server", Refused(new string(token), "query", Order).Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Any_other_text_is_refused() => Gen.String.Where(text => text.Length > 0).Sample(text =>
        Assert.Equal((ErrorCode.Invalid, "field"), (Refused(text, "query", Order).Code, Refused(text, "query", Order).Field)));

    private static Error Refused(string token, string query, IReadOnlyList<Ordering> order) =>
        Assert.Throws<RunstoneException>(() => RunPageToken.Decode(token, query, order, "field")).Error;
}
