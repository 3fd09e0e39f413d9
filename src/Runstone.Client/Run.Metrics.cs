using Runstone.Client.Outbox;

namespace Runstone.Client;

/// <content>Points of metrics.</content>
public sealed partial class Run
{
    /// <summary>Logs a point of a metric; the server counts the step. A call takes well below a microsecond and allocates nothing.</summary>
    /// <param name="key">The metric, for example <c>train/loss</c>; up to 1,024 bytes.</param>
    /// <param name="value">Any double, NaN and infinities included.</param>
    public void Log(string key, double value) => WritePoint(key, 0, PointPayload.NoStep, Now, value);

    /// <summary>Logs a point of a metric. Steps may repeat and go back. A call takes well below a microsecond and allocates nothing.</summary>
    /// <param name="key">The metric, for example <c>train/loss</c>; up to 1,024 bytes.</param>
    /// <param name="value">Any double, NaN and infinities included.</param>
    /// <param name="step">Where in the series.</param>
    public void Log(string key, double value, long step) => WritePoint(key, step, 0, Now, value);

    /// <summary>Logs a point of a metric at a fractional step, for example an epoch of 2.5; six decimals are kept.</summary>
    /// <param name="key">The metric, for example <c>train/loss</c>; up to 1,024 bytes.</param>
    /// <param name="value">Any double, NaN and infinities included.</param>
    /// <param name="step">Where in the series; within the range of a 64-bit integer.</param>
    public void Log(string key, double value, decimal step)
    {
        if (TrySplit(step, out var whole, out var micros))
            WritePoint(key, whole, micros, Now, value);
        else
            IgnoreStep(key, step);
    }

    /// <summary>Logs a point of a metric whose value is an integer; the server counts the step. All digits are kept, beyond 2^53 too.</summary>
    /// <param name="key">The metric, for example <c>tokens</c>; up to 1,024 bytes.</param>
    /// <param name="value">Any integer.</param>
    public void Log(string key, long value) => WritePoint(key, 0, PointPayload.NoStep, Now, value);

    /// <summary>Logs a point of a metric whose value is an integer. Steps may repeat and go back. All digits are kept, beyond 2^53 too.</summary>
    /// <param name="key">The metric, for example <c>tokens</c>; up to 1,024 bytes.</param>
    /// <param name="value">Any integer.</param>
    /// <param name="step">Where in the series.</param>
    public void Log(string key, long value, long step) => WritePoint(key, step, 0, Now, value);

    /// <summary>Logs a point of a metric whose value is an integer, at a fractional step; six decimals are kept. All digits are kept, beyond 2^53 too.</summary>
    /// <param name="key">The metric, for example <c>tokens</c>; up to 1,024 bytes.</param>
    /// <param name="value">Any integer.</param>
    /// <param name="step">Where in the series; within the range of a 64-bit integer.</param>
    public void Log(string key, long value, decimal step)
    {
        if (TrySplit(step, out var whole, out var micros))
            WritePoint(key, whole, micros, Now, value);
        else
            IgnoreStep(key, step);
    }

    /// <summary>Logs a point of a metric; the same as <see cref="Log(string, double)"/> and its overloads.</summary>
    /// <param name="key">The metric.</param>
    /// <param name="value">Any double.</param>
    /// <param name="step">Where in the series; null lets the server count.</param>
    /// <param name="time">When it was measured; null for now.</param>
    public void LogMetric(string key, double value, long? step = null, DateTimeOffset? time = null) =>
        WritePoint(key, step ?? 0, step is null ? PointPayload.NoStep : 0, time?.ToUnixTimeMilliseconds() ?? Now, value);

    /// <summary>Logs a point of a metric whose value is an integer; the same as <see cref="Log(string, long)"/> and its overloads.</summary>
    /// <param name="key">The metric.</param>
    /// <param name="value">Any integer.</param>
    /// <param name="step">Where in the series; null lets the server count.</param>
    /// <param name="time">When it was measured; null for now.</param>
    public void LogMetric(string key, long value, long? step = null, DateTimeOffset? time = null) =>
        WritePoint(key, step ?? 0, step is null ? PointPayload.NoStep : 0, time?.ToUnixTimeMilliseconds() ?? Now, value);

    /// <summary>Logs a point of several metrics at one step and time.</summary>
    /// <param name="metrics">Values by key.</param>
    /// <param name="step">Where in the series; null lets the server count each.</param>
    public void LogMetrics(IEnumerable<KeyValuePair<string, double>> metrics, long? step = null)
    {
        if (metrics is null)
        {
            Ignore(DiagnosticCodes.InvalidCall, "LogMetrics was called with null.");
            return;
        }

        var now = Now;
        foreach (var (key, value) in metrics)
            WritePoint(key, step ?? 0, step is null ? PointPayload.NoStep : 0, now, value);
    }

    /// <summary>Logs a point of several metrics at one step and time, without allocating: <c>run.LogMetrics(7, ("loss", l), ("auc", a))</c>.</summary>
    /// <param name="step">Where in the series.</param>
    /// <param name="metrics">Keys and values.</param>
    public void LogMetrics(long step, params ReadOnlySpan<(string Key, double Value)> metrics)
    {
        var now = Now;
        foreach (var (key, value) in metrics)
            WritePoint(key, step, 0, now, value);
    }

    /// <summary>Logs a point of several metrics whose values are integers at one step and time, without allocating.</summary>
    /// <param name="step">Where in the series.</param>
    /// <param name="metrics">Keys and values.</param>
    public void LogMetrics(long step, params ReadOnlySpan<(string Key, long Value)> metrics)
    {
        var now = Now;
        foreach (var (key, value) in metrics)
            WritePoint(key, step, 0, now, value);
    }

    private void IgnoreStep(string key, decimal step) =>
        Ignore(DiagnosticCodes.InvalidCall, $"The step {step} of '{key}' is outside the range of a 64-bit integer.");
}
