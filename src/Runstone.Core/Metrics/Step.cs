using System.Globalization;

namespace Runstone.Core.Metrics;

/// <summary>
/// The position of a point in its series: a whole number over all of int64 plus six decimal digits, exact. The value is
/// <see cref="Whole"/> + <see cref="Micros"/> / 1,000,000 with 0 &lt;= Micros &lt; 1,000,000 (so -0.25 is Whole -1, Micros 750,000).
/// </summary>
public readonly record struct Step(long Whole, int Micros = 0) : IComparable<Step>
{
    /// <summary>No step was given: the store assigns the next whole number of the series, beginning with 0.</summary>
    public static readonly Step Unset = new(0, -1);

    /// <summary>False for <see cref="Unset"/>.</summary>
    public bool IsSet => Micros >= 0;

    /// <summary>The nearest double; exact for whole steps up to 2^53.</summary>
    public double ToDouble() => Micros == 0 ? Whole : Whole + (Micros / 1e6);

    /// <summary>The step nearest to <paramref name="value"/>; null when it is not finite or outside int64.</summary>
    public static Step? FromDouble(double value)
    {
        var whole = Math.Floor(value);
        if (!double.IsFinite(value) || whole < long.MinValue || whole >= long.MaxValue)
            return null;
        var micros = (int)Math.Round((value - whole) * 1e6);
        return micros == 1_000_000 ? new Step((long)whole + 1) : new Step((long)whole, micros);
    }

    /// <inheritdoc/>
    public int CompareTo(Step other)
    {
        var byWhole = Whole.CompareTo(other.Whole);
        return byWhole != 0 ? byWhole : Micros.CompareTo(other.Micros);
    }

    public static bool operator <(Step left, Step right) => left.CompareTo(right) < 0;

    public static bool operator >(Step left, Step right) => left.CompareTo(right) > 0;

    public static bool operator <=(Step left, Step right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Step left, Step right) => left.CompareTo(right) >= 0;

    public override string ToString() => Micros == 0
        ? Whole.ToString(CultureInfo.InvariantCulture)
        : (Whole + (Micros / 1_000_000m)).ToString(CultureInfo.InvariantCulture);
}
