using System.Globalization;
using System.Text.Json;
using Runstone.Core.Errors;

namespace Runstone.Core.Media;

/// <summary>A value inside the data of an item, and where it stands. What does not fit is thrown as an error that names the place.</summary>
internal readonly record struct DataNode(JsonElement Json, string Path)
{
    /// <summary>Requires an object without other members than these.</summary>
    public DataNode Object(params ReadOnlySpan<string> members)
    {
        Require(JsonValueKind.Object, "an object");
        foreach (var member in Json.EnumerateObject())
        {
            if (!members.Contains(member.Name))
                throw Wrong($"{Path}.{Shorten(member.Name)}", $"is not known here; members are {string.Join(", ", members.ToArray())}");
        }

        return this;
    }

    public DataNode Required(string name) => Optional(name) ?? throw Wrong($"{Path}.{name}", "is missing");

    /// <summary>The member; null when it is absent or null.</summary>
    public DataNode? Optional(string name) =>
        Json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? new DataNode(value, $"{Path}.{name}") : null;

    /// <summary>Requires an array of <paramref name="least"/> to <paramref name="most"/> entries; returns how many it has.</summary>
    public int Array(int least, int most)
    {
        Require(JsonValueKind.Array, "an array");
        var length = Json.GetArrayLength();
        return length >= least && length <= most
            ? length
            : throw Wrong(Path, least == most ? $"has {N(length)} entries, but {N(least)} belong here" : $"has {N(length)} entries; allowed are {N(least)} to {N(most)}");
    }

    public IEnumerable<DataNode> Entries()
    {
        var place = 0;
        foreach (var entry in Json.EnumerateArray())
            yield return new DataNode(entry, $"{Path}[{N(place++)}]");
    }

    public string Text(int maxLength = int.MaxValue)
    {
        Require(JsonValueKind.String, "a text");
        var text = Json.GetString()!;
        return text.Length <= maxLength ? text : throw Wrong(Path, $"has {N(text.Length)} characters; at most {N(maxLength)} are allowed");
    }

    public string Word(params ReadOnlySpan<string> words)
    {
        var text = Text();
        return words.Contains(text) ? text : throw Wrong(Path, $"is '{Shorten(text)}'; allowed is {string.Join(" or ", words.ToArray())}");
    }

    /// <summary>Requires an array of numbers between two bounds, both inclusive; with <paramref name="infinite"/> the infinities too, as texts.</summary>
    public double[] Numbers(int least, int most, double from = double.MinValue, double to = double.MaxValue, bool infinite = false)
    {
        var numbers = new double[Array(least, most)];
        var place = 0;
        foreach (var entry in Json.EnumerateArray())
        {
            if (!TryRead(entry, infinite, out var number) || (double.IsFinite(number) && !(number >= from && number <= to)))
                throw Wrong($"{Path}[{N(place)}]", $"is not {Range(from, to)}{(infinite ? ", \"Infinity\" or \"-Infinity\"" : "")}");
            numbers[place++] = number;
        }

        return numbers;
    }

    public double Number(double from, double to) =>
        TryRead(Json, infinite: false, out var number) && number >= from && number <= to ? number : throw Wrong(Path, $"is not {Range(from, to)}");

    /// <summary>Requires an array of whole numbers below <paramref name="below"/>, one for each of <paramref name="count"/> things.</summary>
    public void Places(int count, int below)
    {
        Array(count, count);
        var place = 0;
        foreach (var entry in Json.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Number || !entry.TryGetInt32(out var number) || number < 0 || number >= below)
                throw Wrong($"{Path}[{N(place)}]", $"is not a whole number from 0 to {N(below - 1)}");
            place++;
        }
    }

    public void Require(JsonValueKind kind, string what)
    {
        if (Json.ValueKind != kind)
            throw Wrong(Path, $"is not {what}");
    }

    public static RunstoneException Wrong(string path, string why) => new(Error.Invalid(path, $"'{path}' {why}."));

    private static bool TryRead(JsonElement json, bool infinite, out double number)
    {
        number = 0;
        if (json.ValueKind == JsonValueKind.Number)
            return json.TryGetDouble(out number) && double.IsFinite(number);
        if (!infinite || json.ValueKind != JsonValueKind.String)
            return false;
        number = json.ValueEquals("Infinity"u8) ? double.PositiveInfinity : json.ValueEquals("-Infinity"u8) ? double.NegativeInfinity : 0;
        return number != 0;
    }

    private static string Range(double from, double to) => (from, to) switch
    {
        (double.MinValue, double.MaxValue) => "a finite number",
        (_, double.MaxValue) => $"a finite number from {from.ToString(CultureInfo.InvariantCulture)}",
        _ => $"a number from {from.ToString(CultureInfo.InvariantCulture)} to {to.ToString(CultureInfo.InvariantCulture)}",
    };

    private static string N(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "...");
}
