using System.Net.Sockets;
using Npgsql;
using Runstone.Core.Errors;
using Runstone.Storage.Postgres;

namespace Runstone.Storage.Tests.Postgres;

/// <summary>What is said about a failure fits what was tried: only who would have kept something reads that nothing was kept.</summary>
public sealed class PostgresErrorTests
{
    private const string Place = "db.example:5432/runstone";

    public static TheoryData<string> States => ["", "timeout", PostgresErrorCodes.DiskFull, PostgresErrorCodes.IoError, PostgresErrorCodes.OutOfMemory];

    [Theory]
    [MemberData(nameof(States))]
    public void A_read_speaks_of_nothing_that_was_to_be_kept(string state)
    {
        var (read, write) = (PostgresErrors.Describe(Failure(state), Place), PostgresErrors.DescribeWrite(Failure(state), Place));

        Assert.DoesNotContain("kept", read.Message, StringComparison.Ordinal);
        Assert.Contains("; nothing of this write was kept. ", write.Message, StringComparison.Ordinal);
        Assert.Equal(read.Message, write.Message.Replace("; nothing of this write was kept", "", StringComparison.Ordinal));
        Assert.Contains(Place, read.Message, StringComparison.Ordinal);
        Assert.Equal(state is PostgresErrorCodes.DiskFull ? ErrorCode.StorageFull : ErrorCode.Unavailable, read.Error.Code);
    }

    private static Exception Failure(string state) => state switch
    {
        "" => new NpgsqlException("Failed to connect", new SocketException((int)SocketError.ConnectionRefused)),
        "timeout" => new NpgsqlException("Exception while reading from stream", new TimeoutException()),
        _ => new PostgresException("it went wrong", "ERROR", "ERROR", state),
    };
}
