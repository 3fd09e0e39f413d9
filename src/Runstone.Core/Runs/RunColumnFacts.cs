using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Runstone.Core.Query;

namespace Runstone.Core.Runs;

/// <summary>What the values of a column are, of the runs that were looked at.</summary>
/// <param name="Field">A metric (its last value), a param or a tag.</param>
/// <param name="Runs">Runs that have a value.</param>
/// <param name="Distinct">How many values, exactly up to <see cref="ColumnSurvey.MaxDistinct"/>; one more when there are more.</param>
/// <param name="IsNumeric">Whether all values are numbers, or texts that read as finite numbers.</param>
/// <param name="Min">The least finite one when all are numbers; NaN when there is none.</param>
/// <param name="Max">The greatest finite one.</param>
public sealed record RunColumnFacts(Field Field, int Runs, int Distinct, bool IsNumeric, double Min, double Max);

/// <summary>The columns that runs have.</summary>
/// <param name="Columns">One for each key in use, by kind, then by name.</param>
/// <param name="Runs">How many runs were looked at.</param>
/// <param name="Complete">Whether these are all that match.</param>
public sealed record ColumnSurvey(IReadOnlyList<RunColumnFacts> Columns, int Runs, bool Complete)
{
    public const int MaxDistinct = 100;

    /// <summary>Runs that are looked at.</summary>
    public const int MaxRuns = 2000;

    /// <summary>Values that are looked at; the runs after them are left out.</summary>
    public const int MaxValues = 2_000_000;
}

/// <summary>Gathers the facts of one column; of a value nothing is kept but a hash while there are few.</summary>
public sealed class ColumnGatherer
{
    /// <summary>No longer text is read as a number.</summary>
    private const int MaxNumberLength = 400;

    private readonly HashSet<UInt128> _met = [];
    private int _runs;
    private UInt128 _last;
    private bool _isNumeric = true;
    private double _min = double.NaN;
    private double _max = double.NaN;

    /// <summary>The value of the next run.</summary>
    public void Add(double value)
    {
        _runs++;
        Widen(value);

        // Zeros are one value whatever their sign, and so are all NaN.
        Meet(double.IsNaN(value) ? UInt128.MaxValue : BitConverter.DoubleToUInt64Bits(value + 0.0));
    }

    /// <summary>The value of the next run, in UTF-8.</summary>
    public void Add(ReadOnlySpan<byte> utf8)
    {
        _runs++;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8, hash);
        var value = MemoryMarshal.Read<UInt128>(hash);
        if (_runs > 1 && value == _last)
            return;
        Meet(value);
        if (!_isNumeric)
            return;
        if (utf8.Length is > 0 and <= MaxNumberLength && double.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            Widen(number);
        else
            _isNumeric = false;
    }

    /// <summary>The facts of all values.</summary>
    public RunColumnFacts Build(Field field) =>
        new(field, _runs, _met.Count, _isNumeric, _isNumeric ? _min : double.NaN, _isNumeric ? _max : double.NaN);

    private void Meet(UInt128 value)
    {
        _last = value;
        if (_met.Count <= ColumnSurvey.MaxDistinct)
            _met.Add(value);
    }

    private void Widen(double value)
    {
        if (!double.IsFinite(value))
            return;
        _min = double.IsNaN(_min) ? value : Math.Min(_min, value);
        _max = double.IsNaN(_max) ? value : Math.Max(_max, value);
    }
}
