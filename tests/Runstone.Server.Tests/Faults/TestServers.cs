using System.Security.Cryptography;

namespace Runstone.Server.Tests.Faults;

/// <summary>The servers that the tests of faults start or find.</summary>
internal static class TestServers
{
    /// <summary>The object store of <c>RUNSTONE_TEST_S3</c>.</summary>
    public static (Uri Endpoint, string Bucket, string Prefix) ObjectStore()
    {
        var text = Environment.GetEnvironmentVariable("RUNSTONE_TEST_S3")
            ?? throw new InvalidOperationException("RUNSTONE_TEST_S3 names no object store; CONTRIBUTING.md says how to start one.");
        var parts = text.Split(';').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        return (new Uri(parts["endpoint"]), parts["bucket"], $"fault-{RandomNumberGenerator.GetHexString(12, lowercase: true)}");
    }
}
