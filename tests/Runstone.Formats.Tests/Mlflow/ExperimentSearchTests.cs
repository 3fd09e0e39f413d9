using Runstone.Core.Errors;
using Runstone.Core.Query;
using Runstone.Formats.Mlflow.Search;

namespace Runstone.Formats.Tests.Mlflow;

/// <summary>The search grammar of experiments.</summary>
public sealed class ExperimentSearchTests
{
    [Fact]
    public void A_name_is_compared_as_text() => Assert.Equal(
        new Filter.Compare(new Field(FieldKind.Attribute, ExperimentFields.Name), ComparisonOperator.Like, Literal.Of("income-sea%")),
        ExperimentSearch.ParseFilter("name LIKE 'income-sea%'"));

    [Fact]
    public void Times_are_numbers() => Assert.Equal(
        new Filter.Compare(new Field(FieldKind.Attribute, ExperimentFields.UpdatedAt), ComparisonOperator.GreaterOrEqual, Literal.Of(7)),
        ExperimentSearch.ParseFilter("attribute.last_update_time >= 7"));

    [Fact]
    public void A_tag_may_be_absent() => Assert.Equal(
        new Filter.Not(new Filter.Exists(new Field(FieldKind.Tag, "team"))), ExperimentSearch.ParseFilter("tags.team IS NULL"));

    [Theory]
    [InlineData("metrics.a > 1", "Invalid entity type 'metrics'. Valid values are ['attribute', 'tag']")]
    [InlineData("owner = 'a'", "Invalid attribute key 'owner' specified. Valid keys are '{'name', 'creation_time', 'last_update_time'}'")]
    [InlineData("creation_time = 'a'", "Expected numeric value type for numeric attribute: creation_time. Found 'a'")]
    [InlineData("name > 'a'", "Invalid comparator '>' not one of '{'!=', '=', 'LIKE', 'ILIKE'}")]
    public void A_wrong_filter_says_what_is_wrong(string filter, string message) =>
        Assert.Equal(message, Assert.Throws<RunstoneException>(() => ExperimentSearch.ParseFilter(filter)).Error.Message);

    [Fact]
    public void Order_names_a_field_and_a_direction() => Assert.Equal(
        [
            new Ordering(new Field(FieldKind.Attribute, ExperimentFields.CreatedAt), Descending: true),
            new Ordering(new Field(FieldKind.Attribute, ExperimentFields.Id)),
        ],
        ExperimentSearch.ParseOrder(["creation_time DESC", "experiment_id"]));
}
