using System.Text.Json;
using CsCheck;
using Runstone.Core.Errors;
using Runstone.Core.Media;

namespace Runstone.Core.Tests.Media;

public sealed class MediaDataTests
{
    [Theory]
    [InlineData(MediaType.Text, """{"text":""}""")]
    [InlineData(MediaType.Text, """{"text":"# кот \ud83d\ude00","format":"markdown"}""")]
    [InlineData(MediaType.Table, """{"columns":["a"],"rows":[]}""")]
    [InlineData(MediaType.Table, """{"columns":["a","b","c"],"rows":[["x",1.5,null],[true,"NaN",{"type":"image","path":"media/a/1.png"}]]}""")]
    [InlineData(MediaType.Histogram, """{"edges":[-1,0.5,2],"counts":[0,1e9],"missing":3}""")]
    [InlineData(MediaType.Plotly, """{"data":[{"type":"bar","y":[1]}],"layout":{"title":{"text":"t"}},"frames":[],"config":null}""")]
    [InlineData(MediaType.ConfusionMatrix, """{"labels":["a","b"],"counts":[[3,0],[1,2.5]]}""")]
    [InlineData(MediaType.ConfusionMatrix, """{"labels":["a"],"counts":[[1]],"rows":{"columns":["c"],"rows":[["x"]],"actual":[0],"predicted":[0]}}""")]
    [InlineData(MediaType.Roc, """{"curves":[{"label":"a","falsePositiveRate":[0,0,1],"truePositiveRate":[0,1,1],"thresholds":["Infinity",0.5,"-Infinity"],"auc":1,"positives":1,"negatives":2}]}""")]
    [InlineData(MediaType.PrecisionRecall, """{"curves":[{"recall":[0,1],"precision":[1,0.5]}]}""")]
    public void What_has_the_shape_is_accepted(MediaType type, string data) => Assert.Null(MediaData.Check(type, data, "data"));

    [Theory]
    [InlineData(MediaType.Text, """{"txt":""}""", "data.txt")]
    [InlineData(MediaType.Text, "{}", "data.text")]
    [InlineData(MediaType.Text, "[]", "data")]
    [InlineData(MediaType.Text, "{", "data")]
    [InlineData(MediaType.Text, """{"text":"a","text":"b"}""", "data")]
    [InlineData(MediaType.Text, """{"text":"a","format":"html"}""", "data.format")]
    [InlineData(MediaType.Text, """{"text":"\ud83d"}""", "data.text")]
    [InlineData(MediaType.Plotly, """{"data":[{"\udc00":1}]}""", "data")]
    [InlineData(MediaType.Table, """{"columns":[],"rows":[]}""", "data.columns")]
    [InlineData(MediaType.Table, """{"columns":["a",1],"rows":[]}""", "data.columns[1]")]
    [InlineData(MediaType.Table, """{"columns":["a","b"],"rows":[[1,2],[1]]}""", "data.rows[1]")]
    [InlineData(MediaType.Table, """{"columns":["a"],"rows":[[[1]]]}""", "data.rows[0][0]")]
    [InlineData(MediaType.Table, """{"columns":["a"],"rows":[[{"type":"image","path":"../x"}]]}""", "data.rows[0][0].path")]
    [InlineData(MediaType.Table, """{"columns":["a"],"rows":[[{"type":"script","path":"x"}]]}""", "data.rows[0][0].type")]
    [InlineData(MediaType.Histogram, """{"edges":[0,1],"counts":[1,2]}""", "data.counts")]
    [InlineData(MediaType.Histogram, """{"edges":[0,1],"counts":[-1]}""", "data.counts[0]")]
    [InlineData(MediaType.Histogram, """{"edges":[0,1,1],"counts":[1,2]}""", "data.edges[2]")]
    [InlineData(MediaType.Histogram, """{"edges":[0,"NaN"],"counts":[1]}""", "data.edges[1]")]
    [InlineData(MediaType.Histogram, """{"edges":[0,1e400],"counts":[1]}""", "data.edges[1]")]
    [InlineData(MediaType.Histogram, """{"edges":[0],"counts":[]}""", "data.edges")]
    [InlineData(MediaType.Plotly, """{"data":[1]}""", "data.data[0]")]
    [InlineData(MediaType.Plotly, """{"data":[],"layout":[]}""", "data.layout")]
    [InlineData(MediaType.ConfusionMatrix, """{"labels":["a","b"],"counts":[[1,2],[1]]}""", "data.counts[1]")]
    [InlineData(MediaType.ConfusionMatrix, """{"labels":["a","b"],"counts":[[1,2],[1,"2"]]}""", "data.counts[1][1]")]
    [InlineData(MediaType.ConfusionMatrix, """{"labels":["a"],"counts":[[1]],"rows":{"columns":["c"],"rows":[["x"]],"actual":[1],"predicted":[0]}}""", "data.rows.actual[0]")]
    [InlineData(MediaType.ConfusionMatrix, """{"labels":["a"],"counts":[[1]],"rows":{"columns":["c"],"rows":[["x"]],"actual":[0],"predicted":[]}}""", "data.rows.predicted")]
    [InlineData(MediaType.Roc, """{"curves":[]}""", "data.curves")]
    [InlineData(MediaType.Roc, """{"curves":[{"falsePositiveRate":[0,1],"truePositiveRate":[0]}]}""", "data.curves[0].truePositiveRate")]
    [InlineData(MediaType.Roc, """{"curves":[{"falsePositiveRate":[0,1.5],"truePositiveRate":[0,1]}]}""", "data.curves[0].falsePositiveRate[1]")]
    [InlineData(MediaType.Roc, """{"curves":[{"falsePositiveRate":[0.5,0.4],"truePositiveRate":[0,1]}]}""", "data.curves[0].falsePositiveRate[1]")]
    [InlineData(MediaType.Roc, """{"curves":[{"falsePositiveRate":[0],"truePositiveRate":[0],"thresholds":["NaN"]}]}""", "data.curves[0].thresholds[0]")]
    [InlineData(MediaType.Roc, """{"curves":[{"falsePositiveRate":[0],"truePositiveRate":[0],"averagePrecision":1}]}""", "data.curves[0].averagePrecision")]
    [InlineData(MediaType.PrecisionRecall, """{"curves":[{"recall":[0],"precision":[1],"averagePrecision":1.1}]}""", "data.curves[0].averagePrecision")]
    [InlineData(MediaType.Image, "{}", "data")]
    public void What_is_wrong_is_named_with_its_place(MediaType type, string data, string field)
    {
        var error = MediaData.Check(type, data, "data");
        Assert.Equal((ErrorCode.Invalid, field), (error!.Code, error.Field));
    }

    [Fact]
    public void Bounds_are_inclusive()
    {
        Assert.Null(MediaData.Check(MediaType.Histogram, Histogram(MediaData.MaxBins), "data"));
        Assert.Equal("data.edges", MediaData.Check(MediaType.Histogram, Histogram(MediaData.MaxBins + 1), "data")!.Field);
        var empty = """{"text":""}""".Length;
        Assert.Null(MediaData.Check(MediaType.Text, Text(MediaData.MaxBytes - empty), "data"));
        Assert.Equal((ErrorCode.TooLarge, "data"), MediaData.Check(MediaType.Text, Text(MediaData.MaxBytes - empty + 1), "data") is { } e ? (e.Code, e.Field) : default);
        var deep = $$"""{"data":[{"x":{{new string('[', 40)}}{{new string(']', 40)}}}]}""";
        Assert.Equal("data", MediaData.Check(MediaType.Plotly, deep, "data")!.Field);
    }

    [Fact]
    public void Anything_is_read_or_refused() =>
        Gen.Select(Gen.Enum<MediaType>(), Gen.String[Gen.Char["{}[]\":,0-1.e\\ud8tacolumnsrwethgdp "], 0, 60]).Sample((type, text) =>
        {
            var error = MediaData.Check(type, text, "media[0].data");
            Assert.True(error is null || error.Field!.StartsWith("media[0].data", StringComparison.Ordinal));
        });

    [Fact]
    public void Any_value_in_any_place_is_read_or_refused_and_never_changes_what_stands_beside_it() =>
        Gen.Select(Gen.Int[0, Samples.Length - 1], Gen.Int[0, 30], Gen.Int[0, Strange.Length - 1]).Sample((sample, place, strange) =>
        {
            var (type, data) = Samples[sample];
            var tokens = Tokens(data);
            var (start, length) = tokens[place % tokens.Count];
            var changed = string.Concat(data.AsSpan(0, start), Strange[strange], data.AsSpan(start + length));
            var error = MediaData.Check(type, changed, "data");
            Assert.True(error is null || error.Field!.StartsWith("data", StringComparison.Ordinal));
        });

    private static readonly (MediaType Type, string Data)[] Samples =
    [
        (MediaType.Table, """{"columns":["a","b"],"rows":[["x",1],[null,{"type":"image","path":"p"}]]}"""),
        (MediaType.Histogram, """{"edges":[-1,0.5,2],"counts":[0,3]}"""),
        (MediaType.ConfusionMatrix, """{"labels":["a"],"counts":[[1]],"rows":{"columns":["c"],"rows":[["x"]],"actual":[0],"predicted":[0]}}"""),
        (MediaType.Roc, """{"curves":[{"falsePositiveRate":[0,1],"truePositiveRate":[0,1],"thresholds":[1,"-Infinity"],"auc":0.5}]}"""),
    ];

    private static readonly string[] Strange =
        ["null", "{}", "[]", "true", "-1", "1e400", "9999999999999999999999", "\"\"", "\"NaN\"", "\"\\ud800\"", "[[[[]]]]", "0.1", "{\"path\":1,\"type\":null}"];

    /// <summary>Where the values of the JSON stand that are no arrays and objects.</summary>
    private static List<(int Start, int Length)> Tokens(string data)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(data);
        var reader = new Utf8JsonReader(bytes);
        var tokens = new List<(int, int)>();
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.Number or JsonTokenType.Null or JsonTokenType.String)
                tokens.Add(((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex)));
        }

        return tokens;
    }

    private static string Histogram(int bins) =>
        $$"""{"edges":[{{string.Join(',', Enumerable.Range(0, bins + 1))}}],"counts":[{{string.Join(',', Enumerable.Repeat("1", bins))}}]}""";

    private static string Text(int length) => $$"""{"text":"{{new string('x', length)}}"}""";
}
