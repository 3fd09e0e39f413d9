using CsCheck;
using Runstone.Core.Errors;
using Runstone.Core.Query;

namespace Runstone.Core.Tests.Query;

public sealed class RunFilterParserTests
{
    private static readonly Gen<string> Key = Gen.Char["abz09_-./ :%'\"é"].Array[1, 12].Select(c => new string(c));

    private static readonly Gen<Field> NumberField = Gen.OneOf(
        Gen.Select(Key, Gen.Enum<MetricAggregate>(), (k, a) => new Field(FieldKind.Metric, k, a)),
        OneOf(new Field(FieldKind.Attribute, RunFields.StartTime), new Field(FieldKind.Attribute, RunFields.Duration)));

    private static readonly Gen<Field> TextField = Gen.OneOf(
        Key.Select(k => new Field(FieldKind.Param, k)), Key.Select(k => new Field(FieldKind.Tag, k)),
        OneOf(new Field(FieldKind.Attribute, RunFields.Name), new Field(FieldKind.Dataset, DatasetFields.Digest)));

    private static readonly Gen<Filter> Leaf = Gen.OneOf<Filter>(
        Gen.Select(NumberField, Gen.Int[0, 5], Gen.Double.Where(double.IsFinite), (f, o, v) => (Filter)new Filter.Compare(f, (ComparisonOperator)o, Literal.Of(v))),
        Gen.Select(TextField, Gen.Enum<ComparisonOperator>(), Gen.String[0, 10], (f, o, v) => (Filter)new Filter.Compare(f, o, Literal.Of(v))),
        Gen.Select(TextField, Gen.String[0, 10].Array[1, 4], Gen.Bool, (f, v, n) => (Filter)new Filter.In(f, v, n)),
        TextField.Select(f => (Filter)new Filter.Exists(f)),
        Gen.String[0, 10].Select(t => (Filter)new Filter.Text(t)));

    private static readonly Gen<Filter> Tree = Gen.Recursive<Filter>((depth, inner) => depth > 4 ? Leaf : Gen.OneOf(
        Leaf, inner.Array[2, 3].Select(p => (Filter)new Filter.And(p)), inner.Array[2, 3].Select(p => (Filter)new Filter.Or(p)),
        inner.Select(p => (Filter)new Filter.Not(p))));

    [Fact]
    public void A_printed_filter_is_read_as_the_same_tree() => Tree.Sample(tree =>
    {
        var text = FilterPrinter.Print(tree);
        Assert.Equal(text, FilterPrinter.Print(RunFilterParser.Parse(text)), StringComparer.Ordinal);
    });

    [Fact]
    public void Any_text_is_a_filter_or_a_located_error()
    {
        var words = OneOf(
            "metrics.", "params.a", "tags.`x y`", "name", "status", "start_time", "(", ")", "and", "or", "not", "in", "is", "null", "like", "contains",
            "=", "!=", "<", "'a'", "\"b\"", "`c`", "'", "1", "-1e5", "1e999", ",", ":", "min", "true", "\0", "é", "💥", "2026-11-01", "'2026-11-01'", "duration", "'3d'");
        Gen.OneOf(words.Array[0, 15].Select(w => string.Join(' ', w)), words.Array[0, 15].Select(string.Concat), Gen.String).Sample(text =>
        {
            RequireParseErrorOnly(text, () => RunFilterParser.Parse(text));
            RequireParseErrorOnly(text, () => ExperimentFilterParser.Parse(text));
            RequireParseErrorOnly(text, () => RunFilterParser.ParseOrder([text]));
        });
    }

    [Theory]
    [InlineData("metrics.loss < 0.1", "metrics.`loss` < 0.1")]
    [InlineData("METRIC.loss:MIN<=-1e-3", "metrics.`loss`:min <= -0.001")]
    [InlineData("metrics.\"val loss\" > 1", "metrics.`val loss` > 1")]
    [InlineData("params.lr == '0.1'", "params.`lr` = '0.1'")]
    [InlineData("params.lr > 0.001", "params.`lr` > 0.001")]
    [InlineData("params.lr in (0.1, 'x')", "(params.`lr` = 0.1 or params.`lr` = 'x')")]
    [InlineData("params.lr not in ('a', 'b')", "params.`lr` not in ('a', 'b')")]
    [InlineData("params.flag = True", "params.`flag` ilike 'true'")]
    [InlineData("params.flag != false", "(params.`flag` is not null and not (params.`flag` ilike 'false'))")]
    [InlineData("tags.t not like 'a%'", "(tags.`t` is not null and not (tags.`t` like 'a%'))")]
    [InlineData("not params.model = \"x\"", "not (params.`model` = 'x')")]
    [InlineData("end_time is null", "not (end_time is not null)")]
    [InlineData("name = 5", "name = '5'")]
    [InlineData("status = 'FINISHED'", "status = 'finished'")]
    [InlineData("start_time > '1970-01-02'", "start_time > 86400000")]
    [InlineData("start_time > '1970-01-01T01:00:00+01:00'", "start_time > 0")]
    [InlineData("duration >= '1h30m'", "duration >= 5400000")]
    [InlineData("duration < '250ms'", "duration < 250")]
    [InlineData("attributes.name contains '50%'", "name contains '50%'")]
    [InlineData("datasets.name = 'adult'", "datasets.name = 'adult'")]
    [InlineData("'it''s' or name = 'a' and name = 'b'", "('it''s' or (name = 'a' and name = 'b'))")]
    [InlineData("", "()")]
    public void A_filter_means_its_tree(string text, string tree) =>
        Assert.Equal(tree, FilterPrinter.Print(RunFilterParser.Parse(text)), StringComparer.Ordinal);

    [Theory]
    [InlineData("metrics.loss <", 15, "found the end")]
    [InlineData("metrics.loss < 'low'", 16, "is a number")]
    [InlineData("metrics.loss like 'a'", 1, "is a number")]
    [InlineData("lossy < 1", 1, "no field 'lossy'")]
    [InlineData("metric.x:avg = 1", 10, "last, min or max")]
    [InlineData("params.a:min = 1", 10, "only a metric")]
    [InlineData("models.a = 1", 1, "no kind of field")]
    [InlineData("metrics. = 1", 9, "expected a key")]
    [InlineData("params.a = 'x", 12, "not closed")]
    [InlineData("params.a = 12abc", 12, "not a number")]
    [InlineData("metrics.a > 1e999", 13, "outside the range")]
    [InlineData("(name = 'a'", 12, "')'")]
    [InlineData("name = 'a' name = 'b'", 12, "'and', 'or' or the end")]
    [InlineData("name is 5", 9, "'null'")]
    [InlineData("name in 'a'", 9, "'('")]
    [InlineData("name in ()", 10, "a number or a text")]
    [InlineData("status = 'done'", 10, "no status")]
    [InlineData("start_time > 'yesterday'", 14, "not a time")]
    [InlineData("duration > '3 weeks'", 12, "not a duration")]
    [InlineData("name = true", 8, "never true or false")]
    [InlineData("name ~ 'a'", 6, "not expected here")]
    public void An_error_names_its_column(string text, int column, string reason)
    {
        var error = Assert.IsType<FilterError>(Assert.Throws<RunstoneException>(() => RunFilterParser.Parse(text)).Error);
        Assert.Equal(column, error.Column);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal("filter", error.Field);
    }

    [Fact]
    public void Depth_length_and_number_are_bounded()
    {
        Assert.Contains("nested deeper", Refused(new string('(', 5000) + "name = 'a'"), StringComparison.Ordinal);
        Assert.Contains("nested deeper", Refused(string.Concat(Enumerable.Repeat("not ", 5000)) + "name = 'a'"), StringComparison.Ordinal);
        Assert.Contains("longer than", Refused($"name = '{new string('a', 70_000)}'"), StringComparison.Ordinal);
        Assert.Contains("comparisons", Refused(string.Join(" or ", Enumerable.Repeat("name = 'a'", 501))), StringComparison.Ordinal);
        Assert.Contains("values", Refused($"name in ({string.Join(',', Enumerable.Repeat("'a'", 5001))})"), StringComparison.Ordinal);
    }

    [Fact]
    public void Orders_are_read_with_their_direction()
    {
        var orders = RunFilterParser.ParseOrder(["metrics.auc:max desc", "name", "params.`a b` ASC"]);
        Assert.Equal(
            [new Ordering(new Field(FieldKind.Metric, "auc", MetricAggregate.Max), true), new(new Field(FieldKind.Attribute, "name")), new(new Field(FieldKind.Param, "a b"))],
            orders);
        var error = Assert.Throws<RunstoneException>(() => RunFilterParser.ParseOrder(["metrics.auc down"])).Error;
        Assert.Equal(("order_by", 13), (error.Field, Assert.IsType<FilterError>(error).Column));
        Assert.Throws<RunstoneException>(() => RunFilterParser.ParseOrder(["datasets.name"]));
    }

    [Fact]
    public void Experiments_have_their_own_fields()
    {
        Assert.Equal("created_at > 0", FilterPrinter.Print(ExperimentFilterParser.Parse("created_at > '1970'")), StringComparer.Ordinal);
        Assert.Equal("tags.`team` = 'a'", FilterPrinter.Print(ExperimentFilterParser.Parse("tags.team = 'a'")), StringComparer.Ordinal);
        Assert.Throws<RunstoneException>(() => ExperimentFilterParser.Parse("metrics.loss < 1"));
        Assert.Throws<RunstoneException>(() => ExperimentFilterParser.Parse("status = 'running'"));
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Refused(string text) => Assert.Throws<RunstoneException>(() => RunFilterParser.Parse(text)).Error.Message;

    private static void RequireParseErrorOnly(string text, Action parse)
    {
        try
        {
            parse();
        }
        catch (RunstoneException e)
        {
            Assert.InRange(Assert.IsType<FilterError>(e.Error).Column, 1, text.Length + 1);
        }
    }
}
