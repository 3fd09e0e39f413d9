using Runstone.Core.Errors;

namespace Runstone.Formats.Mlflow;

/// <summary>
/// Distinct whole steps, kept as ranges: series without gaps take next to no memory however long they are. What has more than <see cref="MaxRanges"/>
/// is refused with <see cref="ErrorCode.TooLarge"/>.
/// </summary>
public sealed class StepRanges
{
    /// <summary>The most ranges: 64 MB.</summary>
    public const int MaxRanges = 1 << 22;

    private readonly List<(long First, long Last)> _ranges = [];

    /// <summary>Distinct steps; more than the greatest whole number of 64 bits count as that.</summary>
    public long Count
    {
        get
        {
            UInt128 count = 0;
            foreach (var (first, last) in _ranges)
                count += (UInt128)((Int128)last - first + 1);
            return count > long.MaxValue ? long.MaxValue : (long)count;
        }
    }

    /// <summary>The least step; there is one.</summary>
    public long Least => _ranges[0].First;

    /// <summary>The greatest step; there is one.</summary>
    public long Greatest => _ranges[^1].Last;

    /// <summary>Adds a step that is not below the one added before.</summary>
    public void Append(long step)
    {
        if (_ranges.Count > 0 && _ranges[^1] is var (first, last) && (step == last || step - 1 == last))
            _ranges[^1] = (first, step);
        else
            Begin(step, step);
    }

    /// <summary>Adds the steps of another instance.</summary>
    public void Unite(StepRanges other)
    {
        if (other._ranges.Count == 0)
            return;
        (long First, long Last)[] all = [.. _ranges, .. other._ranges];
        Array.Sort(all);
        _ranges.Clear();
        foreach (var (first, last) in all)
        {
            if (_ranges.Count > 0 && (first == long.MinValue || first - 1 <= _ranges[^1].Last))
                _ranges[^1] = (_ranges[^1].First, Math.Max(_ranges[^1].Last, last));
            else
                Begin(first, last);
        }
    }

    private void Begin(long first, long last)
    {
        if (_ranges.Count == MaxRanges)
        {
            throw new RunstoneException(new Error(
                ErrorCode.TooLarge, $"The series have more than {MaxRanges} stretches of steps in a row; ask for fewer runs, or for a part with start_step and end_step.", "run_ids"));
        }

        _ranges.Add((first, last));
    }

    /// <summary>The steps at places that ascend, from 0.</summary>
    public IEnumerable<long> At(IEnumerable<long> places)
    {
        var (range, before) = (0, (Int128)0);
        foreach (var place in places)
        {
            while (place - before > (Int128)_ranges[range].Last - _ranges[range].First)
            {
                before += (Int128)_ranges[range].Last - _ranges[range].First + 1;
                range++;
            }

            yield return (long)(_ranges[range].First + (place - before));
        }
    }
}
