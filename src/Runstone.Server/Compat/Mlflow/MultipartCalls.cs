using System.Globalization;
using Runstone.Core.Artifacts;
using Runstone.Formats.Mlflow;
using Runstone.Server.Hosting;

namespace Runstone.Server.Compat.Mlflow;

/// <summary>
/// Uploads in parts. The address names the folder, the body the file; parts go to signed addresses of the object store, or, where
/// there is none, to addresses of this server that hold an id which cannot be guessed.
/// </summary>
internal sealed class MultipartCalls(ArtifactService artifacts, ArtifactPlaces places)
{
    private const string PartsPath = "2.0/mlflow-artifacts/mpu/parts";
    private const int MaxParts = 10_000;
    private const int Depth = 5;

    public void Map(MlflowRoutes routes)
    {
        routes.Api("POST", "2.0/mlflow-artifacts/mpu/create/<path:artifact_path>", CreateAsync);
        routes.Api("POST", "2.0/mlflow-artifacts/mpu/complete/<path:artifact_path>", CompleteAsync);
        routes.Api("POST", "2.0/mlflow-artifacts/mpu/abort/<path:artifact_path>", AbortAsync);
        routes.Upload("PUT", PartsPath + "/<upload_id>/<part_number>", PutPartAsync);
    }

    private async Task CreateAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var place = await PlaceAsync(context, request);
        var parts = request.Integer("num_parts") ?? 1;
        if (parts is < 1 or > MaxParts)
            throw MlflowRequest.InvalidValue(parts.ToString(CultureInfo.InvariantCulture), "num_parts", $"Use 1 to {MaxParts}.");
        var (id, addresses) = artifacts.Direct is null
            ? await BeginHereAsync(context, place, (int)parts)
            : await BeginDirectAsync(context, place, (int)parts);
        await using var writer = MlflowReply.Begin(context);
        writer.WriteStartObject();
        writer.WriteString("upload_id"u8, id);
        writer.WriteStartArray("credentials"u8);
        var part = 0;
        foreach (var address in addresses)
        {
            writer.WriteStartObject();
            writer.WriteString("url"u8, address);
            writer.WriteNumber("part_number"u8, ++part);
            writer.WriteStartObject("headers"u8);
            writer.WriteEndObject();
            writer.WriteEndObject();
            await MlflowReply.FlushWhenFullAsync(context, writer);
        }

        writer.WriteEndArray();
        await MlflowReply.EndAsync(context, writer);
    }

    private static async Task<(string Id, IEnumerable<string> Addresses)> BeginHereAsync(HttpContext context, ArtifactPlace place, int parts)
    {
        var id = await place.Files.BeginUploadAsync(place.OwnerId, place.Path, context.RequestAborted);
        var address = ArtifactCalls.AddressOf(context.Request);
        return (id, Enumerable.Range(1, parts).Select(part => FormattableString.Invariant($"{address}/api/{PartsPath}/{id}/{part}")));
    }

    private async Task<(string Id, IEnumerable<string> Addresses)> BeginDirectAsync(HttpContext context, ArtifactPlace place, int parts)
    {
        var id = await place.Files.BeginDirectUploadAsync(place.OwnerId, place.Path, context.RequestAborted);
        var signed = await artifacts.SignPartsAsync(id, 1, parts, context.RequestAborted);
        return (id, signed.Select(s => s.Address.AbsoluteUri));
    }

    private async Task PutPartAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["upload_id"]!;
        var text = (string)context.Request.RouteValues["part_number"]!;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var part) || part is < 1 or > MaxParts)
            throw MlflowRequest.InvalidValue(MlflowRequest.Quote(text), "part_number", $"Use 1 to {MaxParts}.");
        ArtifactCalls.AllowAnySize(context);
        var tag = await artifacts.WritePartAsync(id, part, context.Request.Body, context.RequestAborted);
        context.Response.Headers.ETag = $"\"{tag}\"";
        await MlflowReply.EmptyAsync(context);
    }

    private async Task CompleteAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        var place = await PlaceAsync(context, request);
        var parts = request.Objects("parts").Select(ReadPart).ToList();
        await place.Files.CompleteUploadAsync(place.OwnerId, place.Path, request.RequiredText("upload_id"), parts, context.RequestAborted);
        await MlflowReply.EmptyAsync(context);
    }

    private async Task AbortAsync(HttpContext context)
    {
        var request = await MlflowBinding.ReadAsync(context);
        await PlaceAsync(context, request);
        await artifacts.AbortUploadAsync(request.RequiredText("upload_id"), context.RequestAborted);
        await MlflowReply.EmptyAsync(context);
    }

    private async Task<ArtifactPlace> PlaceAsync(HttpContext context, MlflowRequest request)
    {
        // Clients send the path of their own file, of which the last name counts.
        var file = request.RequiredText("path");
        var name = file[(file.LastIndexOfAny(['/', '\\']) + 1)..];
        var folder = RawPath.After(context, Depth).TrimEnd('/');
        return await places.RequireAsync(ArtifactAddress.Check($"{folder}/{name}"), context.RequestAborted);
    }

    private static UploadPart ReadPart(MlflowRequest part)
    {
        var number = part.Integer("part_number") ?? throw MlflowRequest.MissingValue("part_number");
        if (number is < 1 or > MaxParts)
            throw MlflowRequest.InvalidValue(number.ToString(CultureInfo.InvariantCulture), "part_number", $"Use 1 to {MaxParts}.");
        return new UploadPart((int)number, part.Text("etag")?.Trim('"') is { Length: > 0 } tag ? tag : null);
    }
}
