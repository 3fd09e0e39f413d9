using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Runstone.Storage.Postgres;

/// <summary>The advisory locks of a database (docs/formats/postgres-schema.md). All end with their transaction.</summary>
internal static class PostgresLocks
{
    /// <summary>"RUNS" in ASCII: the first of the two numbers of every fixed lock.</summary>
    private const string Family = "1381322323";

    /// <summary>Held alone while the schema is upgraded.</summary>
    public const string Upgrade = $"select pg_advisory_xact_lock({Family}, 1)";

    /// <summary>Shared by commits that link blobs.</summary>
    public const string Link = $"select pg_advisory_xact_lock_shared({Family}, 2)";

    /// <summary>Held alone while blobs are condemned.</summary>
    public const string ExcludeLinks = $"select pg_advisory_xact_lock({Family}, 2)";

    /// <summary>The one number of a job: the first 8 bytes, big-endian, of the SHA-256 of its name.</summary>
    public static long Job(string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
