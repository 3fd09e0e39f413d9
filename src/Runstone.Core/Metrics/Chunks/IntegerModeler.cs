using System.Numerics;

namespace Runstone.Core.Metrics.Chunks;

/// <summary>
/// Chooses the model of a column of integers. Looks at all numbers only to tell a line; else at a sample of the residuals of each
/// order, whose entropy it takes for several shifts.
/// </summary>
internal sealed class IntegerModeler
{
    private const int MaxSample = 512;

    /// <summary>Shifts tried for each order.</summary>
    private const int MaxShifts = 6;

    private static readonly double[] CountLog = [.. Enumerable.Range(0, MaxSample + 1).Select(c => c == 0 ? 0 : c * Math.Log2(c))];

    private readonly long[] _sample = new long[MaxSample];

    public IntegerModel Choose(ReadOnlySpan<long> numbers)
    {
        if (IsLine(numbers))
            return IntegerModel.Line;
        var best = ChooseShift(numbers, 0);
        for (var order = 1; order <= 2; order++)
        {
            var model = ChooseShift(numbers, order);
            if (model.Bits < best.Bits)
                best = model;
        }

        return best;
    }

    private static bool IsLine(ReadOnlySpan<long> numbers)
    {
        if (numbers.Length < 3)
            return true;
        var stride = unchecked(numbers[1] - numbers[0]);
        for (var i = 2; i < numbers.Length; i++)
        {
            if (unchecked(numbers[i] - numbers[i - 1]) != stride)
                return false;
        }

        return true;
    }

    private IntegerModel ChooseShift(ReadOnlySpan<long> numbers, int order)
    {
        var residuals = numbers.Length - order;
        var sample = _sample.AsSpan(0, Math.Min(residuals, MaxSample));
        Take(numbers, order, sample);
        sample.Sort();
        var full = Math.Clamp(64 - 8 - BitOperations.LeadingZeroCount(Widened(sample)), 0, IntegerModel.MaxShift);
        var rest = new WithoutPeak(sample);
        var middle = unchecked((ulong)(rest[rest.Count * 3 / 4] - rest[rest.Count / 4]));
        var least = Math.Clamp(64 - 4 - BitOperations.LeadingZeroCount(middle), 0, full);
        var pace = Math.Max(1, (full - least + MaxShifts - 2) / (MaxShifts - 1));
        var best = Packed(sample, residuals, order);
        for (var shift = full; ; shift = Math.Max(least, shift - pace))
        {
            var start = Start(sample, rest[rest.Count / 2], shift);
            var bits = (residuals * BitsEach(sample, shift, start)) + (order * 64);
            if (bits < best.Bits)
                best = new IntegerModel(order, shift, start, bits);
            if (shift == least)
                return best;
        }
    }

    /// <summary>The range as low bits alone, so that the symbols are all the same: best for numbers that are equally likely.</summary>
    private static IntegerModel Packed(ReadOnlySpan<long> sorted, int residuals, int order)
    {
        var shift = Math.Min(64 - BitOperations.LeadingZeroCount(unchecked((ulong)(sorted[^1] - sorted[0]))), IntegerModel.MaxShift);
        return new IntegerModel(order, shift, sorted[0], (residuals * BitsEach(sorted, shift, sorted[0])) + (order * 64));
    }

    private static void Take(ReadOnlySpan<long> numbers, int order, Span<long> sample)
    {
        var sampling = new Sampling(numbers.Length - order, MaxSample);
        for (var j = 0; j < sample.Length; j++)
        {
            var i = order + sampling.Place(j);
            sample[j] = order switch
            {
                0 => numbers[i],
                1 => unchecked(numbers[i] - numbers[i - 1]),
                _ => unchecked(numbers[i] - (2 * numbers[i - 1]) + numbers[i - 2]),
            };
        }
    }

    /// <summary>The range of the sample and a quarter more, because the column may go beyond it.</summary>
    private static ulong Widened(ReadOnlySpan<long> sorted)
    {
        var range = unchecked((ulong)(sorted[^1] - sorted[0]));
        var widened = unchecked(range + (range / 4));
        return widened < range ? ulong.MaxValue : widened;
    }

    /// <summary>Centres what the symbols reach: around the range when it fits, else around the median of what is not the peak.</summary>
    private static long Start(ReadOnlySpan<long> sorted, long median, int shift)
    {
        var reach = (ulong)IntegerModel.Escape << shift;
        var range = unchecked((ulong)(sorted[^1] - sorted[0]));
        return range < reach
            ? unchecked(sorted[0] - (long)((reach - range) / 2))
            : unchecked(median - (long)(reach / 2));
    }

    private static double BitsEach(ReadOnlySpan<long> sorted, int shift, long start)
    {
        var (sum, escapeBits, escapes, symbols) = (0.0, 0.0, 0, 0);
        for (var i = 0; i < sorted.Length;)
        {
            var high = High(sorted[i], shift, start);
            var from = i++;
            while (i < sorted.Length && High(sorted[i], shift, start) == high)
                i++;
            if (high < IntegerModel.Escape)
            {
                sum += CountLog[i - from];
                symbols++;
            }
            else
            {
                // One that recurs is found again by Zstandard.
                var distinct = 1;
                for (var j = from + 1; j < i; j++)
                    distinct += sorted[j] == sorted[j - 1] ? 0 : 1;
                escapes += i - from;
                escapeBits += (distinct * (8.0 + 64 - BitOperations.LeadingZeroCount(high) + shift)) + ((i - from - distinct) * 4.0) - ((i - from) * shift);
            }
        }

        // The entropy of a sample is too low by (symbols - 1) / (2 n) nats (G. A. Miller, 1955).
        var correction = symbols / (2 * Math.Log(2) * sorted.Length);
        var entropy = Math.Log2(sorted.Length) - ((sum + CountLog[escapes]) / sorted.Length) + correction;
        return shift + entropy + Overhead(entropy) + (escapeBits / sorted.Length);
    }

    /// <summary>
    /// What Zstandard takes above the entropy of random symbols, as measured: a Huffman code has no less than a bit a symbol, and
    /// chance matches of few symbols cost more than the symbols. Packed bits take no more than they are.
    /// </summary>
    private static double Overhead(double entropy) => entropy switch
    {
        < 0.5 => 1.2 * entropy,
        < 1 => 0.6,
        < 3 => 0.6 - (0.25 * (entropy - 1)),
        _ => 0.1,
    };

    private static ulong High(long residual, int shift, long start) => unchecked((ulong)(residual - start)) >> shift;

    /// <summary>
    /// The sample without the number that occurs most often, when that is an eighth of it: half of a series may be zeros, and says
    /// nothing about how far the rest is spread.
    /// </summary>
    private readonly ref struct WithoutPeak
    {
        private readonly ReadOnlySpan<long> _sorted;
        private readonly int _from;
        private readonly int _length;

        public WithoutPeak(ReadOnlySpan<long> sorted)
        {
            _sorted = sorted;
            for (var i = 0; i < sorted.Length;)
            {
                var from = i++;
                while (i < sorted.Length && sorted[i] == sorted[from])
                    i++;
                if (i - from > _length)
                    (_from, _length) = (from, i - from);
            }

            if (_length < sorted.Length / 8 || sorted.Length - _length < 8)
                _length = 0;
        }

        public int Count => _sorted.Length - _length;

        public long this[int index] => _sorted[_length > 0 && index >= _from ? index + _length : index];
    }
}
