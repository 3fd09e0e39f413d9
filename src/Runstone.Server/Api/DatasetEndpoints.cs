using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Runstone.Core.Access;
using Runstone.Core.Data;
using Runstone.Core.Errors;
using Runstone.Protocol;
using Runstone.Protocol.Data;
using Runstone.Server.Data;
using Runstone.Server.Hosting;

namespace Runstone.Server.Api;

/// <summary>Datasets, the names of their versions, and what these hold.</summary>
internal static class DatasetEndpoints
{
    private const int StandardLimit = 100;

    public static void Map(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/datasets").WithTags("Datasets");
        group.MapGet("", ListAsync).WithName("ListDatasets").WithSummary("List datasets by name");
        group.MapPost("", CreateAsync).WithName("CreateDataset").WithSummary("Make a dataset");
        group.MapGet("/{name}", GetAsync).WithName("GetDataset").WithSummary("Read what a dataset is");
        group.MapPatch("/{name}", UpdateAsync).WithName("UpdateDataset").WithSummary("Describe, archive, delete or restore a dataset");
        group.MapGet("/{name}/names", NamesAsync).WithName("ListDatasetNames").WithSummary("List branches and tags");
        group.MapPut("/{name}/branches/{**branch}", SetBranchAsync).WithName("SetDatasetBranch").WithSummary("Make or move a branch");
        group.MapDelete("/{name}/branches/{**branch}", RemoveBranchAsync).WithName("RemoveDatasetBranch").WithSummary("Remove a branch; its versions stay");
        group.MapPut("/{name}/tags/{**tag}", SetTagAsync).WithName("SetDatasetTag").WithSummary("Name a version for good");
        group.MapPost("/{name}/versions", CommitAsync).WithName("CommitDatasetVersion").WithSummary("Commit a version to a branch");
        group.MapGet("/{name}/version", VersionAsync).WithName("GetDatasetVersion").WithSummary("Read a version");
        group.MapGet("/{name}/history", HistoryAsync).WithName("ListDatasetHistory").WithSummary("List a version and all it came from");
        group.MapGet("/{name}/tree", TreeAsync).WithName("ListDatasetFolder").WithSummary("List a folder of a version");
        group.MapGet("/{name}/diff", DiffAsync).WithName("CompareDatasetVersions").WithSummary("What became of files from one version to another");
        group.MapMethods("/{name}/file", [HttpMethods.Get, HttpMethods.Head], DatasetFileEndpoint.SendAsync).WithName("GetDatasetFile").WithSummary("Read a file of a version or a part of it")
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream");

        var data = api.MapGroup("/data").WithTags("Datasets");
        data.MapPost("/objects/missing", MissingObjectsAsync).WithName("FindMissingObjects").WithSummary("Which objects are not there");
        data.MapPost("/files/missing", MissingFilesAsync).WithName("FindMissingFiles").WithSummary("Which files are not there");
        data.MapPost("/files", RegisterAsync).WithName("RegisterFiles").WithSummary("Hash files from their chunks and note them as whole");
        data.MapPost("/packs", PackAsync).WithName("SendPack").WithSummary("Send objects")
            .Accepts<Stream>("application/vnd.runstone.pack").WithMetadata(new DisableRequestSizeLimitAttribute(), StreamedBody.Instance);
        data.MapGet("/objects/{sha256}", DatasetFileEndpoint.SendObjectAsync).WithName("GetObject").WithSummary("Read a page, a chunk or a version by its id")
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream");
    }

    private static async Task<Ok<DatasetPage>> ListAsync(
        string? contains, string? lifecycle, int? limit, string? pageToken, DataService datasets, CancellationToken cancellationToken)
    {
        var max = Words.Limit(limit, StandardLimit, DataService.MaxLimit);
        var query = new DataRepositoryQuery { Contains = contains ?? "", Lifecycle = Words.View(lifecycle), Limit = max + 1, After = pageToken ?? "" };
        var found = await datasets.ListAsync(query, cancellationToken);
        return TypedResults.Ok(new DatasetPage([.. found.Take(max).Select(ToInfo)], found.Count > max ? found[max - 1].Name : null));
    }

    private static async Task<Created<VersionedDataset>> CreateAsync(CreateDatasetRequest request, DataService datasets, CancellationToken cancellationToken)
    {
        var made = await datasets.CreateAsync(request.Name, request.Description ?? "", cancellationToken);
        return TypedResults.Created($"{ApiRoutes.Prefix}/datasets/{Uri.EscapeDataString(made.Name)}", ToInfo(made));
    }

    private static async Task<Ok<VersionedDataset>> GetAsync(string name, DataService datasets, CancellationToken cancellationToken) =>
        TypedResults.Ok(ToInfo(await datasets.GetAsync(name, cancellationToken)));

    private static async Task<Ok<VersionedDataset>> UpdateAsync(string name, UpdateDatasetRequest request, DataService datasets, CancellationToken cancellationToken) =>
        TypedResults.Ok(ToInfo(await datasets.UpdateAsync(name, new DataRepositoryPatch(request.Description, Words.Lifecycle(request.Lifecycle)), cancellationToken)));

    private static async Task<Ok<DatasetNames>> NamesAsync(string name, DataService datasets, CancellationToken cancellationToken)
    {
        var names = await datasets.ListNamesAsync(name, cancellationToken);
        return TypedResults.Ok(new DatasetNames([.. names.Branches.Select(ToBranch)], [.. names.Tags.Select(ToTag)]));
    }

    private static async Task<Ok<DatasetBranch>> SetBranchAsync(
        string name, string branch, SetBranchRequest request, DataService datasets, CancellationToken cancellationToken) =>
        TypedResults.Ok(ToBranch((await datasets.SetBranchAsync(name, branch, request.Expected, request.Version, Person.Default, cancellationToken))!));

    private static async Task<NoContent> RemoveBranchAsync(string name, string branch, string expected, DataService datasets, CancellationToken cancellationToken)
    {
        await datasets.SetBranchAsync(name, branch, expected, version: null, Person.Default, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<DatasetTag>> SetTagAsync(string name, string tag, SetTagRequest request, DataService datasets, CancellationToken cancellationToken) =>
        TypedResults.Ok(ToTag(await datasets.SetTagAsync(name, tag, request.Version, Person.Default, cancellationToken)));

    private static async Task<Ok<DatasetBranch>> CommitAsync(string name, CommitRequest request, DataContent content, CancellationToken cancellationToken)
    {
        var record = new byte[request.Record.Length];
        if (!Convert.TryFromBase64String(request.Record, record, out var length))
            throw new RunstoneException(Error.Invalid("record", "The record is no base64."));
        var branch = await content.CommitAsync(name, request.Branch, request.Expected, record.AsMemory(0, length), Person.Default, cancellationToken);
        return TypedResults.Ok(ToBranch(branch));
    }

    private static async Task<Ok<DatasetVersion>> VersionAsync(string name, string version, DataService datasets, CancellationToken cancellationToken) =>
        TypedResults.Ok(ToVersion(await datasets.ResolveAsync(name, version, cancellationToken)));

    private static async Task<Ok<DatasetHistory>> HistoryAsync(
        string name, string version, int? limit, string? pageToken, DataService datasets, CancellationToken cancellationToken)
    {
        var max = Words.Limit(limit, StandardLimit, DataService.MaxLimit);
        var found = await datasets.ListHistoryAsync(name, version, pageToken, max + 1, cancellationToken);
        return TypedResults.Ok(new DatasetHistory([.. found.Take(max).Select(ToVersion)], found.Count > max ? found[max - 1].Id : null));
    }

    private static async Task<Ok<DatasetFolder>> TreeAsync(
        string name, string version, string? folder, string? from, int? limit, DataService datasets, DataContent content, CancellationToken cancellationToken)
    {
        var found = await content.ListAsync(
            await datasets.ResolveAsync(name, version, cancellationToken), folder ?? "", from, Words.Limit(limit, StandardLimit, DataService.MaxLimit), cancellationToken);
        return TypedResults.Ok(new DatasetFolder([.. found.Items.Select(i => new DatasetFolderItem(i.Name, i.File is { } file ? ToFile(file) : null, i.Files, i.Bytes))], found.Next));
    }

    private static async Task<Ok<DatasetDifferences>> DiffAsync(
        string name, string from, string to, string? after, int? limit, DataService datasets, DataContent content, CancellationToken cancellationToken)
    {
        var max = Words.Limit(limit, StandardLimit, DataService.MaxLimit);
        var (first, second) = (await datasets.ResolveAsync(name, from, cancellationToken), await datasets.ResolveAsync(name, to, cancellationToken));
        var found = await content.CompareAsync(first, second, after, max + 1, cancellationToken);
        return TypedResults.Ok(new DatasetDifferences([.. found.Take(max).Select(ToDifference)], found.Count > max ? found[max - 1].Path : null));
    }

    private static async Task<Ok<MissingObjects>> MissingObjectsAsync(MissingRequest request, IDataObjectStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(new MissingObjects(await store.FindMissingAsync(Checked(request.Sha256), cancellationToken)));

    private static async Task<Ok<MissingObjects>> MissingFilesAsync(MissingRequest request, IDataObjectStore store, CancellationToken cancellationToken)
    {
        var there = (await store.FindFilesAsync(Checked(request.Sha256), cancellationToken)).Select(f => f.Sha256).ToHashSet(StringComparer.Ordinal);
        return TypedResults.Ok(new MissingObjects([.. request.Sha256.Where(hash => !there.Contains(hash))]));
    }

    private static async Task<NoContent> RegisterAsync(RegisterFilesRequest request, DataContent content, CancellationToken cancellationToken)
    {
        if (request.Files.Count > 1000)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"{request.Files.Count} files were given; at most 1,000 fit one request.", "files"));
        await content.RegisterAsync([.. request.Files.Select(Checked)], cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<ReceivedPack>> PackAsync(HttpContext context, PackIntake intake, CancellationToken cancellationToken)
    {
        var (pack, objects) = await intake.ReceiveAsync(context.Request.Body, cancellationToken);
        return TypedResults.Ok(new ReceivedPack(pack.Sha256, pack.Size, objects));
    }

    private static IReadOnlyList<string> Checked(IReadOnlyList<string> sha256)
    {
        if (sha256.Count > 10_000)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"{sha256.Count} ids were given; at most 10,000 fit one request.", "sha256"));
        foreach (var hash in sha256)
            DataObjects.Id(hash);
        return sha256;
    }

    private static DataFile Checked(RegisteredFile file, int place)
    {
        var isOneChunk = string.Equals(file.Recipe, file.Sha256, StringComparison.Ordinal);
        if (!DataObjectId.TryParse(file.Sha256, out _) || !DataObjectId.TryParse(file.Recipe, out _) || file.Size < 0 || file.Size > (isOneChunk ? DataFormat.MaxObjectBytes : DataFormat.MaxFileBytes))
            throw new RunstoneException(Error.Invalid($"files[{place}]", "A file needs 'sha256' and 'recipe' of 64 hexadecimal digits in lower case, and a 'size' that fits them."));
        return new DataFile(file.Sha256, file.Size, file.Recipe, 0);
    }

    private static VersionedDataset ToInfo(DataRepository one) => new(one.Name, one.Description, Words.Of(one.Lifecycle), one.CreatedAt, one.UpdatedAt);

    private static DatasetBranch ToBranch(DataBranch branch) => new(branch.Name, branch.Version, branch.Person, branch.MovedAt);

    private static DatasetTag ToTag(DataTag tag) => new(tag.Name, tag.Version, tag.Person, tag.SetAt);

    private static DatasetVersion ToVersion(DataVersion one) => new(
        one.Id, one.Root, one.Parents, one.Author, one.Time, one.Message, one.RunId, one.Files, one.Bytes, one.ReceivedAt);

    private static DatasetFile ToFile(TreeEntry entry) => new(entry.Path, entry.Size, entry.Sha256?.ToString(), entry.Address);

    private static DatasetDifference ToDifference(TreeDifference one) => new(
        one.Kind.ToString().ToLowerInvariant(), one.Before is { } before ? ToFile(before) : null, one.After is { } after ? ToFile(after) : null);
}
