using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Runstone.Core.Console;
using Runstone.Core.Errors;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>What the program of a run wrote to its console.</summary>
internal static class ConsoleEndpoints
{
    private const int StandardLines = 1000;
    private const int StandardMatches = 100;
    private const string TextType = "text/plain; charset=utf-8";

    public static void Map(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/runs/{id}/console").WithTags("Console");
        group.MapPost("", AppendAsync).WithName("AppendConsole").WithSummary("Append lines to the console of a run");
        group.MapGet("", ReadAsync).WithName("ReadConsole").WithSummary("Read lines of the console by number, or its last ones");
        group.MapGet("/search", SearchAsync).WithName("SearchConsole").WithSummary("Search the console for a text or a regular expression");
        group.MapGet("/text", TextAsync).WithName("DownloadConsole").WithSummary("The whole console as a text file, streamed")
            .Produces<string>(StatusCodes.Status200OK, "text/plain");
    }

    private static async Task<Ok<AppendConsoleResponse>> AppendAsync(
        string id, AppendConsoleRequest request, ConsoleService console, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var lines = new ConsoleLine[request.Lines.Count];
        for (var i = 0; i < lines.Length; i++)
            lines[i] = ToLine(request.Lines[i] ?? throw ExperimentMapping.Null($"lines[{i}]"), i, now);
        var replayed = await console.AppendAsync(id, lines, Words.Sequence(request.Source, request.Sequence), cancellationToken);
        return TypedResults.Ok(new AppendConsoleResponse(lines.Length, replayed));
    }

    private static async Task<Ok<ConsolePage>> ReadAsync(
        string id, long? from, int? tail, int? limit, ConsoleService console, CancellationToken cancellationToken)
    {
        if (tail is not null && (from is not null || limit is not null))
            throw new RunstoneException(Error.Invalid("tail", "'tail' asks for the last lines; give it without 'from' and 'limit'."));
        var part = tail is null
            ? await console.ReadAsync(id, From(from), Words.Limit(limit, StandardLines, ConsoleLimits.MaxPageLines), cancellationToken)
            : await console.TailAsync(id, Words.Limit(tail, StandardLines, ConsoleLimits.MaxPageLines, "tail"), cancellationToken);
        return TypedResults.Ok(new ConsolePage(
            part.Total, part.Bytes, part.From, [.. part.Lines.Select(l => new ConsoleLineInfo(l.Time, Of(l.Stream), l.Text))], part.Next));
    }

    private static async Task<Ok<ConsoleMatchList>> SearchAsync(
        string id, string q, bool? regex, bool? ignoreCase, long? from, int? limit, ConsoleService console, CancellationToken cancellationToken)
    {
        var query = new ConsoleQuery(q)
        {
            IsRegex = regex ?? false,
            IgnoreCase = ignoreCase ?? false,
            From = From(from),
            Limit = Words.Limit(limit, StandardMatches, ConsoleLimits.MaxMatches),
        };
        var found = await console.SearchAsync(id, query, cancellationToken);
        return TypedResults.Ok(new ConsoleMatchList(
            found.Lines, [.. found.Matches.Select(m => new ConsoleMatchInfo(m.Line, m.Time, Of(m.Stream), m.Text, m.At, m.Length))], found.Next));
    }

    private static async Task TextAsync(string id, HttpResponse response, ConsoleService console, CancellationToken cancellationToken)
    {
        var text = await console.OpenTextAsync(id, cancellationToken);
        response.ContentType = TextType;

        // An id of a run has only characters that a file name may have.
        response.Headers[HeaderNames.ContentDisposition] = $"attachment; filename=\"console-{id}.txt\"";
        await foreach (var piece in text.WithCancellation(cancellationToken))
            await response.BodyWriter.WriteAsync(piece, cancellationToken);
    }

    private static ConsoleLine ToLine(NewConsoleLine line, int index, long now) => new(
        line.Time ?? now,
        line.Stream switch
        {
            null or ConsoleStreams.Out => ConsoleStream.Out,
            ConsoleStreams.Err => ConsoleStream.Err,
            var other => throw Words.Rejected($"lines[{index}].stream", other, "out or err"),
        },
        line.Text);

    private static string Of(ConsoleStream stream) => stream == ConsoleStream.Out ? ConsoleStreams.Out : ConsoleStreams.Err;

    private static long From(long? from) => from switch
    {
        null => 0,
        >= 0 => from.Value,
        _ => throw Words.Rejected("from", Words.Of(from.Value), "the number of a line, from 0"),
    };
}
