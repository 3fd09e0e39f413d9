using System.Security.Cryptography;
using Runstone.Core.Errors;

namespace Runstone.Storage.S3;

/// <summary>A part of an upload: where its content lies and what it is.</summary>
internal sealed record StoredPart(int Number, string Key, string Sha256);

/// <summary>
/// Parts read one after the other as one stream, each checked against its hash: a part may be sent again while the parts are
/// joined.
/// </summary>
internal sealed class JoinedParts(S3Place place, IReadOnlyList<StoredPart> parts) : SequentialStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private Stream? _current;
    private int _index;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_index < parts.Count)
        {
            _current ??= await S3ReadStream.OpenAsync(place, parts[_index].Key, 0, null, cancellationToken) ?? throw Changed();
            var read = await _current.ReadAsync(buffer, cancellationToken);
            if (read > 0)
            {
                _hash.AppendData(buffer.Span[..read]);
                return read;
            }

            await _current.DisposeAsync();
            _current = null;
            if (Convert.ToHexStringLower(_hash.GetHashAndReset()) != parts[_index].Sha256)
                throw Changed();
            _index++;
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _current?.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private RunstoneException Changed() => new(Error.Invalid(
        "parts", $"Part {parts[_index].Number} was sent again or removed while the upload was completed. Complete it again with the tags of the parts."));
}
