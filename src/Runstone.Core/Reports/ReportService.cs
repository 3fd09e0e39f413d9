using System.Globalization;
using System.Text;
using Runstone.Core.Access;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;

namespace Runstone.Core.Reports;

/// <summary>Use cases of reports. Everybody reads and writes all of them; who saved which version stays known.</summary>
public sealed class ReportService(IReportStore store, TimeProvider time)
{
    /// <summary>Bytes of a body, as UTF-8.</summary>
    public const int MaxBodyBytes = 1 << 20;

    /// <summary>The greatest page.</summary>
    public const int MaxLimit = 1000;

    private const int MaxTitleLength = 200;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<IReadOnlyList<Report>> ListAsync(ReportQuery query, CancellationToken cancellationToken) => store.ListAsync(query, cancellationToken);

    public async Task<Report> GetAsync(long id, CancellationToken cancellationToken) =>
        await store.GetAsync(id, cancellationToken) ?? throw NotFound(id);

    public async Task<ReportVersion> GetVersionAsync(long id, int number, CancellationToken cancellationToken)
    {
        if (await store.GetVersionAsync(id, number, cancellationToken) is { } version)
            return version;
        await GetAsync(id, cancellationToken);
        throw new RunstoneException(new ReportVersionNotFound(id, number));
    }

    public async Task<IReadOnlyList<ReportVersion>> ListVersionsAsync(long id, int? below, int limit, CancellationToken cancellationToken)
    {
        var versions = await store.ListVersionsAsync(id, below, limit, cancellationToken);
        if (versions.Count == 0)
            await GetAsync(id, cancellationToken);
        return versions;
    }

    public Task<Report> CreateAsync(long? experimentId, Person person, ReportText text, CancellationToken cancellationToken)
    {
        Require(text);
        return store.CreateAsync(experimentId, person.Name, text, Now, cancellationToken);
    }

    public Task<Report> SaveAsync(long id, int on, Person person, ReportText text, CancellationToken cancellationToken)
    {
        Require(text);
        return store.SaveAsync(id, on, person.Name, text, Now, cancellationToken);
    }

    public Task<Report> SetLifecycleAsync(long id, Lifecycle lifecycle, CancellationToken cancellationToken) => store.SetLifecycleAsync(id, lifecycle, cancellationToken);

    private static void Require(ReportText text)
    {
        StoredText.Require("title", text.Title);
        StoredText.Require("body", text.Body);
        if (string.IsNullOrWhiteSpace(text.Title))
            throw new RunstoneException(Error.Invalid("title", "The report's title is empty."));
        if (text.Title.Length > MaxTitleLength)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"The report's title has {text.Title.Length} characters; at most {MaxTitleLength} are allowed.", "title"));
        if (Encoding.UTF8.GetByteCount(text.Body) is var bytes and > MaxBodyBytes)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"The report's body has {bytes} bytes; at most {MaxBodyBytes} are allowed.", "body"));
    }

    private static RunstoneException NotFound(long id) => new(new ReportNotFound(id.ToString(CultureInfo.InvariantCulture)));
}
