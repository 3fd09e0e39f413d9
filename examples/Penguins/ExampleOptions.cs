using System.Globalization;

namespace Runstone.Examples.Penguins;

/// <summary>The command line of the example.</summary>
internal sealed record ExampleOptions(TabularDataset Dataset, int Epochs)
{
    private const string Usage =
        "Usage: [--dataset penguins|adult] [--data <file>] [--epochs <8..1000>]   (adult needs --data: the file adult.data of the UCI repository)";

    /// <summary>Null, with the reason on standard error, when the arguments are wrong.</summary>
    public static ExampleOptions? Parse(string[] args)
    {
        var (name, path, epochs) = ("penguins", (string?)null, 40);
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--dataset" when value is "penguins" or "adult":
                    name = value;
                    break;
                case "--data" when value is not null && File.Exists(value):
                    path = value;
                    break;
                case "--epochs" when int.TryParse(value, CultureInfo.InvariantCulture, out epochs) && epochs is >= 8 and <= 1000:
                    break;
                default:
                    return Wrong($"'{args[i]} {value}' is not understood, or the file is not there.");
            }
        }

        if (name == "penguins")
            return new ExampleOptions(TabularDataset.Penguins(path), epochs);
        return path is null ? Wrong("--dataset adult needs --data.") : new ExampleOptions(TabularDataset.Adult(path), epochs);
    }

    private static ExampleOptions? Wrong(string reason)
    {
        Console.Error.WriteLine(reason);
        Console.Error.WriteLine(Usage);
        return null;
    }
}
