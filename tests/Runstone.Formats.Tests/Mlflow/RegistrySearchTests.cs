using Runstone.Core.Errors;
using Runstone.Core.Models;
using Runstone.Core.Query;
using Runstone.Formats.Mlflow.Search;

namespace Runstone.Formats.Tests.Mlflow;

public sealed class RegistrySearchTests
{
    private static readonly Filter IsPrompt = Tag("mlflow.prompt.is_prompt", ComparisonOperator.Equal, "true");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("tag.`mlflow.prompt.is_prompt` != 'true'")]
    [InlineData("tags.`mlflow.prompt.is_prompt` = 'false'")]
    [InlineData("tags.`mlflow.prompt.is_prompt` IS NULL")]
    public void Prompts_are_left_out_when_the_filter_does_not_ask_for_them(string? filter) =>
        Assert.Equivalent(new Filter.And([new Filter.Not(IsPrompt)]), RegistrySearch.ParseModelFilter(filter), strict: true);

    [Theory]
    [InlineData("tags.`mlflow.prompt.is_prompt` = 'true'", ComparisonOperator.Equal, "true")]
    [InlineData("tag.\"mlflow.prompt.is_prompt\" = 'TRUE'", ComparisonOperator.Equal, "TRUE")]
    [InlineData("tags.`mlflow.prompt.is_prompt` != 'false'", ComparisonOperator.NotEqual, "false")]
    public void A_filter_that_asks_for_prompts_gets_them(string filter, ComparisonOperator op, string value) =>
        Assert.Equivalent(new Filter.And([Tag("mlflow.prompt.is_prompt", op, value)]), RegistrySearch.ParseVersionFilter(filter), strict: true);

    [Fact]
    public void Models_are_searched_by_name_and_tags() =>
        Assert.Equivalent(
            new Filter.And(
            [
                Attribute(ModelFields.Name, ComparisonOperator.Like, Literal.Of("income-%")),
                Tag("owner", ComparisonOperator.Equal, "ada"),
                new Filter.Not(IsPrompt),
            ]),
            RegistrySearch.ParseModelFilter("name LIKE 'income-%' and tags.owner = 'ada' AND tag.`mlflow.prompt.is_prompt` != 'true'"), strict: true);

    [Fact]
    public void Versions_are_searched_by_model_number_run_and_source() =>
        Assert.Equivalent(
            new Filter.And(
            [
                Attribute(ModelVersionFields.Model, ComparisonOperator.Equal, Literal.Of("m")),
                Attribute(ModelVersionFields.Number, ComparisonOperator.GreaterOrEqual, Literal.Of(2)),
                new Filter.In(new Field(FieldKind.Attribute, ModelVersionFields.RunId), ["a", "b"], false),
                Attribute(ModelVersionFields.Source, ComparisonOperator.NotEqual, Literal.Of("x")),
                new Filter.Not(IsPrompt),
            ]),
            RegistrySearch.ParseVersionFilter("name='m' AND version_number >= 2 AND run_id IN ('a','b') AND source_path != 'x'"), strict: true);

    [Fact]
    public void Orders_name_fields_of_models_and_versions()
    {
        Assert.Equal(
            [new Ordering(new Field(FieldKind.Attribute, ModelFields.UpdatedAt), true), new(new Field(FieldKind.Attribute, ModelFields.Name))],
            RegistrySearch.ParseModelOrder(["timestamp DESC", "name"]));
        Assert.Equal(
            [new Ordering(new Field(FieldKind.Attribute, ModelVersionFields.Number), true)], RegistrySearch.ParseVersionOrder(["version_number desc"]));
    }

    [Theory]
    [InlineData("run_id = 'x'")]
    [InlineData("version_number > 1")]
    [InlineData("metrics.auc > 1")]
    [InlineData("name > 'a'")]
    [InlineData("name = 1")]
    [InlineData("name IN ('a')")]
    [InlineData("tags.owner = 1")]
    [InlineData("name = 'a' OR name = 'b'")]
    public void What_models_cannot_be_searched_by_is_refused(string filter) =>
        Assert.Equal(ErrorCode.Invalid, Assert.Throws<RunstoneException>(() => RegistrySearch.ParseModelFilter(filter)).Error.Code);

    [Theory]
    [InlineData("version_number = 'one'")]
    [InlineData("version_number LIKE '1'")]
    [InlineData("name IN ('a')")]
    [InlineData("run_id IN ()")]
    public void What_versions_cannot_be_searched_by_is_refused(string filter) =>
        Assert.Equal(ErrorCode.Invalid, Assert.Throws<RunstoneException>(() => RegistrySearch.ParseVersionFilter(filter)).Error.Code);

    [Fact]
    public void Unknown_repeated_and_endless_orders_are_refused()
    {
        Assert.Equal(ErrorCode.Invalid, Assert.Throws<RunstoneException>(() => RegistrySearch.ParseModelOrder(["colour"])).Error.Code);
        Assert.Equal(ErrorCode.Invalid, Assert.Throws<RunstoneException>(() => RegistrySearch.ParseVersionOrder([.. Enumerable.Repeat("name", 31)])).Error.Code);
        Assert.Equal(ErrorCode.Invalid, Assert.Throws<RunstoneException>(() => RegistrySearch.ParseModelOrder(["timestamp", "last_updated_timestamp DESC"])).Error.Code);
    }

    private static Filter.Compare Attribute(string key, ComparisonOperator op, Literal value) => new(new Field(FieldKind.Attribute, key), op, value);

    private static Filter.Compare Tag(string key, ComparisonOperator op, string value) => new(new Field(FieldKind.Tag, key), op, Literal.Of(value));
}
