using Microsoft.AspNetCore.Http.HttpResults;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>Uploads past the server, where files are kept in an object store.</summary>
internal static class UploadEndpoints
{
    private const int MaxSignedAtOnce = 1000;

    public static void Map(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/runs/{id}/uploads").WithTags("Artifacts")
            .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status501NotImplemented, typeof(Problem), ["application/problem+json"]));
        group.MapPost("", BeginAsync).WithName("BeginUpload").WithSummary("Begin an upload past the server");
        group.MapPost("/{uploadId}/parts", SignAsync).WithName("SignParts").WithSummary("Get addresses to send parts to");
        group.MapPost("/{uploadId}/complete", CompleteAsync).WithName("CompleteUpload").WithSummary("Make the file of the parts that were sent");
        group.MapDelete("/{uploadId}", AbortAsync).WithName("AbortUpload").WithSummary("Forget an upload and its parts");
    }

    private static async Task<Created<DirectUpload>> BeginAsync(
        string id, BeginUploadRequest request, ArtifactService artifacts, CancellationToken cancellationToken)
    {
        var uploadId = await artifacts.BeginDirectUploadAsync(id, request.Path, cancellationToken);
        var direct = artifacts.Direct!;
        return TypedResults.Created(
            $"{ApiRoutes.Prefix}/runs/{Uri.EscapeDataString(id)}/uploads/{uploadId}",
            new DirectUpload(uploadId, direct.MinPartSize, direct.MaxPartSize, direct.MaxParts));
    }

    private static async Task<Ok<SignedParts>> SignAsync(
        string id, string uploadId, SignPartsRequest request, ArtifactService artifacts, CancellationToken cancellationToken)
    {
        if (request.Count is < 1 or > MaxSignedAtOnce)
            throw new RunstoneException(Error.Invalid("count", $"{request.Count} is not allowed: ask for 1 to {MaxSignedAtOnce} parts."));
        var signed = await artifacts.SignPartsAsync(uploadId, request.First, request.Count, cancellationToken);
        return TypedResults.Ok(new SignedParts([.. signed.Select((s, i) =>
            new SignedPart(request.First + i, s.Method, s.Address.AbsoluteUri, s.Headers, s.ExpiresAt))]));
    }

    private static async Task<Ok<UploadedArtifact>> CompleteAsync(
        string id, string uploadId, CompleteUploadRequest request, ArtifactService artifacts, CancellationToken cancellationToken)
    {
        var parts = new List<UploadPart>(request.Parts.Count);
        foreach (var part in request.Parts)
            parts.Add(part is null ? throw new RunstoneException(Error.Invalid("parts", "A part is null.")) : new UploadPart(part.Number, part.Tag));
        var blob = await artifacts.CompleteUploadAsync(id, request.Path, uploadId, parts, cancellationToken);
        return TypedResults.Ok(new UploadedArtifact(request.Path, blob.Size, blob.Sha256));
    }

    private static async Task<NoContent> AbortAsync(string id, string uploadId, ArtifactService artifacts, CancellationToken cancellationToken)
    {
        await artifacts.AbortUploadAsync(uploadId, cancellationToken);
        return TypedResults.NoContent();
    }
}
