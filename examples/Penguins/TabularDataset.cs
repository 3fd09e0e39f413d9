using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Runstone.Examples.Penguins;

/// <summary>A table to learn a label from: where it lies and what its columns mean.</summary>
internal sealed record TabularDataset(
    string Name, string Path, string Source, bool HasHeader, string Label, string[] Columns, string[] Numeric)
{
    public const double TestFraction = 0.2;
    private const int RandomSeed = 1;

    private IEnumerable<string> Categorical => Columns.Where(c => c != Label && !IsNumeric(c));

    public static TabularDataset Penguins(string? path) => new(
        "palmer-penguins",
        path ?? System.IO.Path.Combine(AppContext.BaseDirectory, "data", "penguins.csv"),
        "https://doi.org/10.5281/zenodo.3960218",
        HasHeader: true,
        Label: "species",
        Columns: ["species", "island", "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "sex"],
        Numeric: ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]);

    public static TabularDataset Adult(string path) => new(
        "adult-census",
        path,
        "https://archive.ics.uci.edu/dataset/2/adult",
        HasHeader: false,
        Label: "income",
        Columns:
        [
            "age", "workclass", "fnlwgt", "education", "education_num", "marital_status", "occupation", "relationship", "race", "sex",
            "capital_gain", "capital_loss", "hours_per_week", "native_country", "income",
        ],
        Numeric: ["age", "fnlwgt", "education_num", "capital_gain", "capital_loss", "hours_per_week"]);

    /// <summary>Reads the table and splits it, the same way every time: 80 % to train on, 20 % to test on.</summary>
    public DataOperationsCatalog.TrainTestData Load(MLContext ml)
    {
        var columns = Columns
            .Select((name, i) => new TextLoader.Column(name, IsNumeric(name) ? DataKind.Single : DataKind.String, i))
            .ToArray();
        var options = new TextLoader.Options
        {
            Columns = columns,
            Separators = [','],
            HasHeader = HasHeader,
            TrimWhitespace = true,
            MissingRealsAsNaNs = true,
        };
        var rows = ml.Data.Cache(ml.Data.CreateTextLoader(options).Load(Path));
        return ml.Data.TrainTestSplit(rows, testFraction: TestFraction, seed: RandomSeed);
    }

    private bool IsNumeric(string column) => Array.IndexOf(Numeric, column) >= 0;

    /// <summary>Label to key, means for missing numbers, one column a category, all in one feature vector scaled to 0..1.</summary>
    public IEstimator<ITransformer> Preprocessing(MLContext ml)
    {
        var numeric = Numeric.Select(c => new InputOutputColumnPair(c)).ToArray();
        var categorical = Categorical.Select(c => new InputOutputColumnPair(c)).ToArray();
        return ml.Transforms.Conversion.MapValueToKey("Label", Label)
            .Append(ml.Transforms.ReplaceMissingValues(numeric, MissingValueReplacingEstimator.ReplacementMode.Mean))
            .Append(ml.Transforms.NormalizeMinMax(numeric))
            .Append(ml.Transforms.Categorical.OneHotEncoding(categorical))
            .Append(ml.Transforms.Concatenate("Features", [.. Numeric, .. Categorical]))
            .AppendCacheCheckpoint(ml);
    }
}
