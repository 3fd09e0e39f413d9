namespace Runstone.Protocol;

/// <summary>Everything a client has to say about one run in one request; kept as a whole or not at all.</summary>
public sealed record LogRequest
{
    /// <summary>Hyperparameters; a param that is already there with another value is an error.</summary>
    public IReadOnlyDictionary<string, string>? Params { get; init; }

    /// <summary>Tags to set; a null value removes the tag.</summary>
    public IReadOnlyDictionary<string, string?>? Tags { get; init; }

    /// <summary>Metric points.</summary>
    public MetricColumns? Metrics { get; init; }

    /// <summary>Things to look at, at most 1,000; each is added behind those that are there.</summary>
    public IReadOnlyList<MediaItemRequest>? Media { get; init; }

    /// <summary>Datasets the run reads.</summary>
    public IReadOnlyList<DatasetInputInfo>? Inputs { get; init; }

    /// <summary>Logged models the run reads or makes.</summary>
    public IReadOnlyList<ModelLinkInfo>? Models { get; init; }

    /// <summary>The new status, one of <see cref="RunStatuses"/>, applied with the rest.</summary>
    public string? Status { get; init; }

    /// <summary>Unix milliseconds of the end, with a status that ends the run.</summary>
    public long? EndTime { get; init; }

    /// <summary>Notes in Markdown, replacing the former ones.</summary>
    public string? Notes { get; init; }

    /// <summary>
    /// Who sends: 1 to 128 characters, unique to the process. With <see cref="Sequence"/>, sending a request again is harmless.
    /// </summary>
    public string? Source { get; init; }

    /// <summary>Ascending number of the request of this source, from 0.</summary>
    public long? Sequence { get; init; }
}

/// <summary>Metric points in columns of equal length; the order of points is the order in which they were logged.</summary>
public sealed record MetricColumns
{
    /// <summary>The distinct keys.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>For each point the index of its key in <see cref="Keys"/>.</summary>
    public required IReadOnlyList<int> Key { get; init; }

    /// <summary>For each point its step, up to six decimals; the whole member null lets the server count from 0.</summary>
    public IReadOnlyList<decimal>? Step { get; init; }

    /// <summary>For each point its time in Unix milliseconds; the whole member null means the server's clock.</summary>
    public IReadOnlyList<long>? Time { get; init; }

    /// <summary>
    /// For each point its value; NaN and infinities as "NaN", "Infinity", "-Infinity". The server keeps the digits of an integer that no
    /// double holds beside the nearest double.
    /// </summary>
    public required IReadOnlyList<double> Value { get; init; }
}

/// <summary>The answer to a <see cref="LogRequest"/>.</summary>
/// <param name="Points">Metric points made durable (also on an earlier attempt).</param>
/// <param name="Replayed">The sequence number was known: nothing was written again.</param>
public sealed record LogResponse(int Points, bool Replayed);
