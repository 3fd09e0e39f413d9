using System.Globalization;

namespace Runstone.Storage.Sql;

/// <summary>A text read as a number, kept beside it so that an index serves comparisons.</summary>
internal static class TextNumber
{
    /// <summary>The finite number that the whole text is, in the invariant notation; else null.</summary>
    public static double? Read(string text) =>
        text.Length is > 0 and <= 400
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number) ? number : null;
}
