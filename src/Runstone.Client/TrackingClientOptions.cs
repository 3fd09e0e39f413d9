namespace Runstone.Client;

/// <summary>How a <see cref="TrackingClient"/> works. The defaults fit training on one machine.</summary>
public sealed record TrackingClientOptions
{
    /// <summary>
    /// The folder that holds what is not uploaded yet, in <c>outbox/</c>. Default: the environment variable RUNSTONE_HOME, else
    /// <c>.runstone</c> in the user's home folder.
    /// </summary>
    public string? HomeFolder { get; init; }

    /// <summary>
    /// How long <see cref="Run.DisposeAsync"/> waits for the upload before it leaves the rest to <see cref="OutboxSync"/>; two seconds at
    /// most while no server has ever answered, unless it is <see cref="Timeout.InfiniteTimeSpan"/>. Default 30 seconds.
    /// </summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest time a logged value waits to be sent when the server keeps up. Default 250 milliseconds.</summary>
    public TimeSpan UploadInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Metric points sent in one request at most. Requests have up to 5,000 and grow beyond while a backlog is taken quickly. Default 65,536.</summary>
    public int BatchPoints { get; init; } = 65_536;

    /// <summary>
    /// Compress the requests that carry metric points as bytes. Null, the default: yes, unless every address of the server is on this
    /// machine, where it costs time and saves nothing.
    /// </summary>
    public bool? CompressPoints { get; init; }

    /// <summary>Bytes of one segment file of the outbox, 64 KiB to 1 GiB. Default 4 MiB; the first one is 256 KiB.</summary>
    public int SegmentBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The time one request may take, file transfers excepted. Default 100 seconds.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The longest wait between two attempts to reach the server. Default 30 seconds.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Hears what goes wrong in the background: values that could not be written, records that the server refused, an upload left for
    /// later. Called from any thread, never at the same time twice; an exception it throws is swallowed. The default writes
    /// warnings and errors to standard error. The event source "Runstone-Client" says the same.
    /// </summary>
    public Action<ClientDiagnostic>? Diagnostics { get; init; }

    /// <summary>The clock. Default <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Send the HTTP requests through this handler instead of the client's own, for example in tests. The client does not dispose it.
    /// </summary>
    public HttpMessageHandler? HttpHandler { get; init; }
}
